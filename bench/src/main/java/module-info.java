/** Throughput, latency and cost, beside what the bare client does. */
module dev.hark.bench {
    requires dev.hark;
    requires java.management;
    requires jdk.management;
    requires static org.jspecify;
    requires redis.clients.jedis;
    requires tools.jackson.databind;

    exports dev.hark.bench;

    opens dev.hark.bench to
            tools.jackson.databind;
}
