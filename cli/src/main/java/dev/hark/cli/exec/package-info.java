/** The command of {@code hark listen --exec}: what it is given, how it is started, heard and ended. */
@NullMarked
package dev.hark.cli.exec;

import org.jspecify.annotations.NullMarked;
