package dev.hark.admin;

import dev.hark.Hark;

/** What a user of Redis may do with queues; {@link Hark#aclLine} says it to Redis. */
public enum Role {
    /** Publishes, and sets what its program wants of a queue. Cannot read messages. */
    PUBLISHER,
    /** Listens, settles and publishes, as most handlers do. */
    WORKER,
    /** Sees what an {@link Inspector} shows, bodies among it. Cannot change anything. */
    READER,
    /** Everything that Hark and its command can do: the other roles, and mending queues by hand. */
    ADMIN
}
