/** {@code hark queues}: figures and settings. */
@NullMarked
package dev.hark.cli.queues;

import org.jspecify.annotations.NullMarked;
