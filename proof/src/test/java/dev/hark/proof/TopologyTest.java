package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Durability;
import dev.hark.devserver.DevCluster;
import dev.hark.devserver.DevCluster.Failover;
import dev.hark.devserver.DevSentinels;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import dev.hark.proof.FailoverTraffic.Call;
import dev.hark.proof.FailoverTraffic.Told;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Masters fail and slots move under load. What all replicas had when its receipt was given is never lost, nothing is
 * stuck afterwards, and the sums come out. What was lost of what only the master had is counted, and so is how long users
 * stood still; it is printed.
 */
class TopologyTest {

    private static final int MORE = 20;
    private static final ServerOptions USERS = Login.withUsers(ServerOptions.defaults(), "hark");

    private final long seed = Size.seed();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("Xoroshiro128PlusPlus").create(seed);
    private final Map<String, Stalls> publishing = new LinkedHashMap<>();
    private final Map<String, Stalls> handling = new LinkedHashMap<>();

    @Test
    void aClusterWhoseMastersFailAndWhoseSlotsMove() throws Exception {
        int failovers = Size.figure("failovers", 2, 20);
        int migrations = Size.figure("migrations", 4, 50);
        try (DevCluster cluster = DevCluster.start(3, 1, USERS);
                FailoverTraffic plain = new FailoverTraffic(as(cluster.url()), Durability.MEMORY, queues("plain"));
                FailoverTraffic safe =
                        new FailoverTraffic(as(cluster.url()), Durability.replicated(1), queues("safe"))) {
            List<FailoverTraffic> all = List.of(plain, safe);
            all.forEach(traffic -> traffic.awaitMore(MORE));
            int failed = 0;
            for (int i = 0; i < failovers + migrations; i++) {
                boolean fails = (long) (i + 1) * failovers / (failovers + migrations)
                        > (long) i * failovers / (failovers + migrations);
                if (fails) {
                    failOver(cluster, all, failed++ % 2 == 0 ? Failover.KILL : Failover.GRACEFUL);
                } else {
                    migrate(cluster, all);
                }
            }
            finish(plain, safe, failovers + " failovers and " + migrations + " migrations in a cluster");
        }
    }

    private static Login as(String url) {
        return Login.byRole(url, "hark");
    }

    /** Three queues, one on each master at first. */
    private static List<String> queues(String name) {
        return IntStream.range(0, 3)
                .mapToObj(third -> IntStream.range(0, 10_000)
                        .mapToObj(i -> name + i)
                        .filter(queue -> slot(queue) * 3 / 16_384 == third)
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    private static int slot(String queue) {
        return DevCluster.slotOf("hark:{" + queue + "}:ready");
    }

    private void failOver(DevCluster cluster, List<FailoverTraffic> all, Failover how) {
        DevServer victim = cluster.masterOf(slot(anyQueue(all)));
        during(
                how == Failover.KILL ? "a master is killed" : "a replica takes over in good order",
                all,
                queue -> cluster.masterOf(slot(queue)) == victim,
                () -> cluster.failover(victim, how));
    }

    private String anyQueue(List<FailoverTraffic> all) {
        List<String> queues =
                all.stream().flatMap(traffic -> traffic.queues().stream()).toList();
        return queues.get(random.nextInt(queues.size()));
    }

    private void migrate(DevCluster cluster, List<FailoverTraffic> all) {
        int slot = slot(anyQueue(all));
        DevServer from = cluster.masterOf(slot);
        List<DevServer> others =
                cluster.masters().stream().filter(master -> master != from).toList();
        DevServer to = others.get(random.nextInt(others.size()));
        during("a slot moves", all, queue -> slot(queue) == slot, () -> cluster.migrate(slot, to));
    }

    @Test
    void aMasterBehindSentinels() throws Exception {
        int failovers = Size.figure("sentinelFailovers", 1, 20);
        try (DevSentinels redis = DevSentinels.start(USERS);
                FailoverTraffic plain = new FailoverTraffic(as(redis.url()), Durability.MEMORY, List.of("plain"));
                FailoverTraffic safe =
                        new FailoverTraffic(as(redis.url()), Durability.replicated(2), List.of("safe"))) {
            List<FailoverTraffic> all = List.of(plain, safe);
            all.forEach(traffic -> traffic.awaitMore(MORE));
            for (int i = 0; i < failovers; i++) {
                if (i % 2 == 0) {
                    during("the master is killed", all, queue -> true, redis::killMaster);
                } else {
                    during("sentinels replace a master that is well", all, queue -> true, redis::failover);
                }
            }
            finish(plain, safe, failovers + " failovers behind sentinels");
        }
    }

    /** Makes a change, sees that everything goes on afterwards, and notes how long those stood still whom it concerned. */
    private void during(String what, List<FailoverTraffic> all, Predicate<String> concerns, Runnable change) {
        Map<FailoverTraffic, List<String>> concerned = new LinkedHashMap<>();
        all.forEach(traffic -> concerned.put(
                traffic, traffic.queues().stream().filter(concerns).toList()));
        long from = System.nanoTime();
        change.run();
        all.forEach(traffic -> traffic.awaitMore(MORE));
        long to = System.nanoTime();
        concerned.forEach((traffic, queues) -> {
            if (!queues.isEmpty()) {
                String of = what + ", " + traffic.durability();
                publishing.computeIfAbsent(of, Stalls::new).add(traffic.longestCall(queues, from, to));
                handling.computeIfAbsent(of, Stalls::new).add(traffic.longestWait(queues, from, to));
            }
        });
    }

    private void finish(FailoverTraffic plain, FailoverTraffic safe, String title) throws InterruptedException {
        List<String> report = new ArrayList<>(List.of(title + ", seed " + seed));
        for (FailoverTraffic traffic : List.of(plain, safe)) {
            traffic.finish();
            report.add(traffic.summary());
        }
        report.add("the longest call of publish while");
        publishing.values().forEach(stalls -> report.add("  " + stalls));
        report.add("the longest wait from receipt to handler while");
        handling.values().forEach(stalls -> report.add("  " + stalls));
        System.out.println(String.join("\n", report));

        assertThat(safe.lost().stream().filter(Call::durable))
                .as("lost, though all replicas had it")
                .isEmpty();
        assertThat(safe.calls(Told.ACKNOWLEDGED).stream().filter(Call::durable)).hasSizeGreaterThan(MORE);
        assertThat(plain.calls(Told.ACKNOWLEDGED)).hasSizeGreaterThan(MORE);
    }
}
