/** Queues, listeners and channels on Redis. */
@NullMarked
package dev.hark;

import org.jspecify.annotations.NullMarked;
