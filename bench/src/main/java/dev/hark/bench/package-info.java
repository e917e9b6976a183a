/** The benchmark: phases, contenders, and what they cost. */
@NullMarked
package dev.hark.bench;

import org.jspecify.annotations.NullMarked;
