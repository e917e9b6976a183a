package dev.hark.soak;

import dev.hark.soak.Station.Part;
import dev.hark.testing.Server;
import dev.hark.testing.Stranger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import redis.clients.jedis.exceptions.JedisException;

/** Random faults, none of which loses what Redis has. Used by one thread. */
final class Faults {

    private static final List<Part> PARTS = List.of(Part.values());

    private final Server redis;
    private final List<Station> stations;
    private final Random random;
    private final Map<String, Integer> done = new TreeMap<>();

    Faults(Server redis, List<Station> stations, Random random) {
        this.redis = redis;
        this.stations = stations;
        this.random = random;
    }

    void one() {
        switch (random.nextInt(10)) {
            case 0 -> kill("normal");
            case 1 -> kill("pubsub");
            case 2, 3 -> killOne();
            case 4 -> stall("CLIENT PAUSE", "CLIENT", "PAUSE", 100 + random.nextInt(1_400));
            case 5 -> stall("DEBUG SLEEP", "DEBUG", "SLEEP", (100 + random.nextInt(1_100)) / 1_000.0);
            case 6 -> stall("SCRIPT FLUSH", "SCRIPT", "FLUSH");
            default -> {
                Part part = PARTS.get(random.nextInt(PARTS.size()));
                note("again " + part);
                Station station = stations.get(random.nextInt(stations.size()));
                station.again(part, Duration.ofMillis(random.nextInt(500)));
            }
        }
    }

    private void kill(String type) {
        note("CLIENT KILL TYPE " + type);
        ask(stranger -> stranger.call("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes"));
    }

    private void killOne() {
        note("CLIENT KILL ID");
        ask(stranger -> {
            List<String> ids = stranger.text("CLIENT", "LIST")
                    .lines()
                    .filter(line -> line.contains(" name=hark "))
                    .map(line -> line.substring("id=".length(), line.indexOf(' ')))
                    .toList();
            if (!ids.isEmpty()) {
                stranger.call("CLIENT", "KILL", "ID", ids.get(random.nextInt(ids.size())));
            }
        });
    }

    private void stall(String name, String command, Object... args) {
        note(name);
        ask(stranger -> stranger.call(command, args));
    }

    private void note(String what) {
        done.merge(what, 1, Integer::sum);
    }

    /** Over a new connection if need be: the faults hit this one too. */
    private void ask(Consumer<Stranger> command) {
        try {
            command.accept(redis.stranger());
        } catch (JedisException e) {
            redis.met();
        }
    }

    Map<String, Integer> done() {
        return done;
    }
}
