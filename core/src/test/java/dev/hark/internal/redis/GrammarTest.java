package dev.hark.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.RetryPolicy;
import dev.hark.admin.QueueInfo;
import dev.hark.admin.Role;
import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.redis.wire.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import redis.clients.jedis.Protocol.Command;

/**
 * Scripts and workers read heads of envelopes by one grammar: what one side counts and the other does not would be tried
 * for ever. The heads are good ones that have been hurt; {@code -Dhark.grammar.seed=…} hurts them in another way.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrammarTest {

    private static final int HEADS = 3_000;
    private static final int MOST_ATTEMPTS = 3;
    private static final List<String> FIRST_WORDS =
            List.of("0", "2", "01", "10", "999999999", "1000000000", "-1", "1.0", "１", "", "x", "+1", "2\t", "1\u00a0");
    private static final List<String> WORDS = List.of(
            "",
            "0",
            "00",
            "-1",
            "+1",
            "-5",
            "1.0",
            "1e3",
            "0x10",
            "٣",
            "nan",
            "inf",
            "999999999",
            "1000000000",
            "2147483647",
            "2147483648",
            "999999999999999",
            "1000000000000000",
            "18446744073709551616",
            "i".repeat(128),
            "i".repeat(129),
            "é",
            "~");
    private static final byte[] STRAY = {
        ' ', '\t', '\n', '\r', 0, '-', '+', '.', 'e', 0x0b, 0x7f, (byte) 0xff, (byte) 0xa0, '1'
    };

    private RedisRig rig;

    @BeforeAll
    void start() {
        rig = new RedisRig(ServerOptions.defaults().binary(Binary.bundled()));
    }

    @AfterAll
    void stop() {
        rig.close();
    }

    // ---- heads

    private static List<byte[]> heads() {
        Random random = new Random(Long.getLong("hark.grammar.seed", 12));
        List<byte[]> heads = new ArrayList<>();
        while (heads.size() < HEADS) {
            heads.add(head(random));
        }
        return heads;
    }

    private static byte[] head(Random random) {
        List<String> words = new ArrayList<>(
                random.nextInt(6) == 0
                        ? List.of("1")
                        : List.of("1", "id-" + random.nextInt(9), "1700000000000", "" + random.nextInt(5), "0"));
        int hurts = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(2);
        for (int i = 0; i < hurts && !words.isEmpty(); i++) {
            int at = random.nextInt(words.size());
            switch (random.nextInt(6)) {
                case 0 -> words.remove(at);
                case 1 -> words.add(at, words.get(at));
                case 2 -> words.set(0, pick(FIRST_WORDS, random));
                default -> words.set(Math.max(at, Math.min(1, words.size() - 1)), pick(WORDS, random));
            }
        }
        byte[] head = String.join(" ", words).getBytes(UTF_8);
        return random.nextInt(3) == 0 ? strayed(head, random) : head;
    }

    private static String pick(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }

    private static byte[] strayed(byte[] head, Random random) {
        int at = random.nextInt(4) == 0 ? head.length : random.nextInt(head.length + 1);
        byte[] longer = new byte[head.length + 1];
        System.arraycopy(head, 0, longer, 0, at);
        longer[at] = STRAY[random.nextInt(STRAY.length)];
        System.arraycopy(head, at, longer, at + 1, head.length - at);
        return longer;
    }

    private List<byte[]> addHeads(Address queue) {
        List<byte[]> heads = heads();
        for (int i = 0; i < heads.size(); i++) {
            rig.call(Command.XADD, rig.keys().ready(queue), "*", "hark", heads.get(i), "body", "" + i);
        }
        return heads;
    }

    // ---- what either side makes of them

    private static String javaSays(Content content) {
        return switch (content) {
            case Content.Legible(var e) ->
                "a message: " + e.id() + " " + e.publishedAtMillis() + " " + e.attempts() + " " + e.recoveries();
            case Content.Illegible illegible -> "none";
            case Content.Unknown unknown -> "unknown";
        };
    }

    /** What stands in an entry after {@link Settlement.Lost}, which notes a message, and leaves what is unknown alone. */
    private static String luaSays(byte[] before, String entry, String after) {
        if (after.equals(new String(before, UTF_8))) {
            return "unknown";
        }
        String[] word = after.split("\n", 2)[0].split(" ");
        boolean fresh = new String(before, UTF_8).split("\n", 2)[0].equals("1");
        return "a message: " + (fresh ? entry : word[1]) + " " + Long.parseLong(word[2]) + " " + word[3] + " "
                + word[4];
    }

    @Test
    void whatIsAMessageToOneSideIsOneToTheOther() {
        QueueDriver queue = new QueueDriver(rig, "heads").open("s");
        List<byte[]> heads = addHeads(Address.of("heads"));
        Map<String, String> java = new TreeMap<>();
        Map<String, String> entries = new HashMap<>();
        List<Settlement> lost = new ArrayList<>();
        List<Claimed> claimed = queue.claimAll("s");
        assertThat(claimed).hasSize(HEADS);
        for (int i = 0; i < HEADS; i++) {
            java.put("" + i, javaSays(claimed.get(i).content()));
            entries.put("" + i, claimed.get(i).entry());
            lost.add(new Settlement.Lost(claimed.get(i).entry(), MOST_ATTEMPTS));
        }

        for (int from = 0; from < HEADS; from += 100) {
            queue.settle("s", lost.subList(from, Math.min(HEADS, from + 100)));
        }

        Map<String, String> lua = new TreeMap<>();
        String after = "(" + claimed.get(HEADS - 1).entry();
        for (Object entry : Link.list(rig.call(Command.XRANGE, rig.keys().ready(Address.of("heads")), after, "+"))) {
            List<String> fields = Link.texts(Link.list(entry).get(1));
            int i = Integer.parseInt(fields.get(3));
            lua.put("" + i, luaSays(heads.get(i), entries.get("" + i), fields.get(1)));
        }
        for (Object entry : Link.list(rig.call(Command.XRANGE, rig.keys().dead(Address.of("heads")), "-", "+"))) {
            lua.put(Link.texts(Link.list(entry).get(1)).get(3), "none");
        }
        java.forEach((i, says) -> assertThat(lua.get(i))
                .as("'%s', said by Lua", new String(heads.get(Integer.parseInt(i)), UTF_8))
                .isEqualTo(says));
        assertThat(java.values()).contains("none", "unknown").anyMatch(says -> says.startsWith("a message"));
    }

    @Test
    void noneIsTriedMoreOftenThanItMayBe() {
        addHeads(Address.of("forged"));
        Map<String, Integer> tries = new ConcurrentHashMap<>();
        try (Hark hark =
                Hark.builder().url(rig.urlOf(Role.ADMIN)).prefix("test").build()) {
            MessageQueue<String> queue = hark.queue("forged", String.class);
            hark.listener()
                    .handle(queue, body -> {
                        tries.merge(body, 1, Integer::sum);
                        throw new IllegalStateException("never");
                    })
                    .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(MOST_ATTEMPTS))
                    .start();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                QueueInfo info = hark.inspector().queue("forged").info();
                assertThat(tries.values()).allMatch(count -> count <= MOST_ATTEMPTS);
                return info.waiting() + info.active() == 0 && info.dead() + info.later() == HEADS;
            });
        }
        assertThat(tries.values()).contains(MOST_ATTEMPTS).allMatch(count -> count <= MOST_ATTEMPTS);
    }
}
