package dev.hark.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/**
 * Who takes part.
 *
 * @param version of the library
 * @param guarantee in two words; bench/README.md says what they mean
 * @param share slow ones move one message where the fast ones move this many
 * @param opener connects it
 */
record Entrant(String name, String version, String guarantee, int share, Opener opener) {

    private static final int LEAST = 100;

    /** Connects a peer with the Redis of a URL. */
    interface Opener {
        Peer open(String url) throws Exception;
    }

    /** All of them; the first is what the others are compared with. */
    static List<Entrant> all() {
        Properties versions = versions();
        String redisson = versions.getProperty("redisson");
        String spring = "Boot " + versions.getProperty("spring-boot");
        return List.of(
                new Entrant("Hark", versions.getProperty("hark"), "lease, retry", 1, HarkPeer::new),
                new Entrant("bare Jedis", versions.getProperty("jedis"), "ack only", 1, FloorPeer::new),
                new Entrant("Redisson list", redisson, "no ack", 1, RedissonListPeer::new),
                new Entrant("Redisson stream", redisson, "ack only", 1, RedissonStreamPeer::new),
                new Entrant("Spring stream, batches", spring, "ack only", 1, SpringBatchPeer::new),
                new Entrant("Spring stream container", spring, "ack only", 10, SpringContainerPeer::new),
                new Entrant("BullMQ", BullMqPeer.version(), "lease, retry", 4, BullMqPeer::new),
                new Entrant("Redisson executor", redisson, "lease only", 20, RedissonExecutorPeer::new),
                new Entrant("rqueue", versions.getProperty("rqueue"), "lease, retry", 40, RqueuePeer::new));
    }

    /** How many messages it moves in a round. */
    int messages(int most) {
        return Math.min(most, Math.max(LEAST, most / share));
    }

    private static Properties versions() {
        Properties versions = new Properties();
        try (InputStream file = Entrant.class.getResourceAsStream("/versions.properties")) {
            versions.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }
}
