/** What all commands share: their options, the connection to Redis, and how failures are told. */
@NullMarked
package dev.hark.cli.connect;

import org.jspecify.annotations.NullMarked;
