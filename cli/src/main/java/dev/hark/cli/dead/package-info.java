/** {@code hark dead}: dead letters. */
@NullMarked
package dev.hark.cli.dead;

import org.jspecify.annotations.NullMarked;
