/** {@code hark publish}: bodies into a queue or a channel. */
@NullMarked
package dev.hark.cli.publish;

import org.jspecify.annotations.NullMarked;
