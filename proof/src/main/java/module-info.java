/** Runs in which processes, connections and Redis are hurt, and a checker of what became of each message. */
module dev.hark.proof {
    requires dev.hark;
    requires transitive dev.hark.devserver;
    requires redis.clients.jedis;
    requires static org.jspecify;

    exports dev.hark.proof;
}
