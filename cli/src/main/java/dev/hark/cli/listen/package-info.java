/** {@code hark listen}: messages out of queues and channels. */
@NullMarked
package dev.hark.cli.listen;

import org.jspecify.annotations.NullMarked;
