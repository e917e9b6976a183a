/** {@code hark demo}: three queues, and a count of what became of each message. */
@NullMarked
package dev.hark.cli.demo;

import org.jspecify.annotations.NullMarked;
