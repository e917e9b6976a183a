/** {@code hark prove}. */
@NullMarked
package dev.hark.cli.prove;

import org.jspecify.annotations.NullMarked;
