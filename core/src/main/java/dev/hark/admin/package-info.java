/** What can be seen of queues and servers, and done to them by hand. */
@NullMarked
package dev.hark.admin;

import org.jspecify.annotations.NullMarked;
