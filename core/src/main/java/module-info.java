/** Queues, listeners and channels on Redis. */
module dev.hark {
    requires static transitive org.jspecify;
    requires org.apache.commons.pool2;
    requires org.slf4j;
    requires redis.clients.jedis;
    requires tools.jackson.databind;

    exports dev.hark;
    exports dev.hark.admin;
    exports dev.hark.error;
    exports dev.hark.event;
}
