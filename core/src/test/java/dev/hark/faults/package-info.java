/** What must hold when processes are killed and stopped, and connections cut. */
@NullMarked
package dev.hark.faults;

import org.jspecify.annotations.NullMarked;
