package dev.hark.bench;

/**
 * What a phase cost.
 *
 * @param seconds how long it took
 * @param perSecond messages a second
 * @param redisMicros CPU of Redis's main thread, microseconds a message
 * @param clientMicros CPU of this process, microseconds a message
 * @param commands commands that a client sent, a message
 * @param bytes on the wire, both ways, a message
 */
record Cost(double seconds, double perSecond, double redisMicros, double clientMicros, double commands, double bytes) {}
