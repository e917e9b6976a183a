/** What a command has of its process: streams, signals, and the exit code that it ends with. */
@NullMarked
package dev.hark.cli.process;

import org.jspecify.annotations.NullMarked;
