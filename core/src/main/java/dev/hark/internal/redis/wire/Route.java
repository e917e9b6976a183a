package dev.hark.internal.redis.wire;

import redis.clients.jedis.HostAndPort;

/**
 * Where a call goes.
 *
 * @param asking whether the server is told that it is asked for what is only on its way to it
 */
public record Route(HostAndPort node, boolean asking) {}
