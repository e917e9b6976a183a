/** Queues, listeners and channels on Redis. */
module dev.hark {
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires redis.clients.jedis;
    requires tools.jackson.databind;
}
