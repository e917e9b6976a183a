/** Finds or starts a local redis-server, for development, demonstrations and tests. */
@NullMarked
package dev.hark.devserver;

import org.jspecify.annotations.NullMarked;
