/** An hour of work under random faults, in the profile {@code soak}: nothing is lost, and nothing grows. */
@NullMarked
package dev.hark.soak;

import org.jspecify.annotations.NullMarked;
