package dev.hark.proof;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The clock of Redis, as the scripts of all processes of a run see it: they add what a key says to TIME, and so it can be
 * stepped while the run goes on. Senders' keys expire by the same clock. See docs/decisions/0026.
 */
final class Clock {

    private static final String TIME = "dev/hark/internal/redis/scripts/lib/time.lua";
    private static final String NOW = "return t[1] * 1000 + math.floor(t[2] / 1000)";

    private final Login login;
    private final String prefix;
    private long offset; // in ms, as all that follows
    private long furthest;

    Clock(Login login, String prefix) {
        this.login = login;
        this.prefix = prefix;
    }

    /** A folder for the class path of the processes; empty if the scripts tell the time in a way that is not known here. */
    static Optional<Path> patch(Path dir, String prefix) {
        try (InputStream in = Clock.class.getClassLoader().getResourceAsStream(TIME)) {
            String source = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int at = source.indexOf(NOW);
            if (at < 0 || source.indexOf(NOW, at + 1) >= 0) {
                return Optional.empty();
            }
            Path file = dir.resolve(TIME);
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file,
                    source.replace(
                            NOW, NOW + " + tonumber(redis.call('HMGET', '" + key(prefix) + "', 'offset')[1] or 0)"));
            return Optional.of(dir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All roles may read settings of queues; this is one of a queue that is none. */
    private static String key(String prefix) {
        return prefix + ":{clock}:config";
    }

    /** Steps the clock for all at once. */
    void step(Duration by) {
        offset += by.toMillis();
        furthest = Math.max(furthest, offset);
        try (Admin admin = new Admin(login.admin())) {
            admin.call("HSET", key(prefix), "offset", offset);
            if (by.isPositive()) {
                expire(admin, by.toMillis());
            }
        }
    }

    /** Steps it to where it has been at most, and further: all is due then. */
    void beyond(Duration delay) {
        step(Duration.ofMillis(furthest - offset).plus(delay));
    }

    private void expire(Admin admin, long millis) {
        for (String key : admin.keys(prefix + ":*:sender:*")) {
            if (admin.call("PTTL", key) instanceof Long left && left >= 0) {
                if (left <= millis) {
                    admin.call("DEL", key);
                } else {
                    admin.call("PEXPIRE", key, left - millis);
                }
            }
        }
    }

    /** What is done one after the other: by seconds and by an hour, to and fro. */
    static List<Duration> steps() {
        return List.of(Duration.ofSeconds(5), Duration.ofHours(1), Duration.ofSeconds(-5), Duration.ofHours(-1));
    }
}
