/** {@code hark doctor}: what is wrong, and repairs. */
@NullMarked
package dev.hark.cli.doctor;

import org.jspecify.annotations.NullMarked;
