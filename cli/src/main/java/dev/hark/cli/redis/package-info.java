/** {@code hark redis} and {@code hark acl}: a server, and who may log in there. */
@NullMarked
package dev.hark.cli.redis;

import org.jspecify.annotations.NullMarked;
