/** The command {@code hark}. */
@NullMarked
package dev.hark.cli;

import org.jspecify.annotations.NullMarked;
