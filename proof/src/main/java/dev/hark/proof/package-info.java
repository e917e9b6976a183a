/**
 * Proof runs: publishers and workers in JVMs of their own keep journals outside Redis while they are killed, paused and
 * cut off, and a checker holds the journals against what was promised.
 */
@NullMarked
package dev.hark.proof;

import org.jspecify.annotations.NullMarked;
