/** Hark beside other libraries: the same messages through the same Redis, with the same handler that does nothing. */
@NullMarked
package dev.hark.bench.peers;

import org.jspecify.annotations.NullMarked;
