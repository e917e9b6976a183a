/** What Hark throws: one root, and a leaf for each thing that a program may want to tell apart. */
@NullMarked
package dev.hark.error;

import org.jspecify.annotations.NullMarked;
