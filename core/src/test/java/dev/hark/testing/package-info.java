/** What tests share: servers, processes and connections that can be hurt. */
@NullMarked
package dev.hark.testing;

import org.jspecify.annotations.NullMarked;
