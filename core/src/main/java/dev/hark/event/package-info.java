/** What happens inside a Hark, and who hears of it. */
@NullMarked
package dev.hark.event;

import org.jspecify.annotations.NullMarked;
