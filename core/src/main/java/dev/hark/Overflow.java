package dev.hark;

import dev.hark.admin.QueueInfo;
import dev.hark.error.QueueFullException;

/** What publishing does when a queue holds as many messages as it may: see {@link QueueSettings#maxLength}. */
public enum Overflow {
    /** What does not fit is refused at once with {@link QueueFullException}. */
    REJECT,

    /** What does not fit waits for room, up to 30 s, then it is refused with {@link QueueFullException}. */
    BLOCK,

    /**
     * The oldest waiting messages make room, then those that are due first. They are gone, and counted in
     * {@link QueueInfo#dropped}.
     */
    DROP_OLDEST
}
