/**
 * The engine in a world of its own: one real thread, a clock that jumps, and everything that is left to chance drawn from
 * one seed.
 */
@NullMarked
package dev.hark.simulation;

import org.jspecify.annotations.NullMarked;
