package dev.hark.internal.redis.examine;

import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.ServerFacts.Disk;
import dev.hark.internal.engine.ServerFacts.Memory;
import dev.hark.internal.engine.ServerFacts.OutputLimits;
import dev.hark.internal.engine.ServerFacts.Replicas;
import dev.hark.internal.engine.ServerFacts.SlowLog;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Connections;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Route;
import dev.hark.internal.redis.wire.ServerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/** Asks each master what it tells of itself. What its user may not ask is left out. */
public final class ServerExamination {

    private static final long DAY_SECONDS = 86_400;
    private static final Pattern LAG = Pattern.compile("\\blag=(\\d+)");
    private static final int LONGEST_LAG = 10;

    /** CONFIG GET of several at once is new in 7.0. */
    private static final List<String> SETTINGS = List.of(
            "appendfsync",
            "save",
            "stop-writes-on-bgsave-error",
            "min-replicas-to-write",
            "client-output-buffer-limit");

    private final Connections connections;
    private final Keys keys;
    private final LongSupplier clock;

    public ServerExamination(Connections connections, Keys keys, LongSupplier clock) {
        this.connections = connections;
        this.keys = keys;
        this.clock = clock;
    }

    public List<ServerFacts> examine() {
        List<ServerFacts> all = new ArrayList<>();
        for (HostAndPort master : connections.masters()) {
            try (Link link = connections.open(new Route(master, false))) {
                all.add(examine(link, connections.shown(master)));
            }
        }
        return all;
    }

    private ServerFacts examine(Link link, String server) {
        List<String> hidden = new ArrayList<>();
        ServerInfo info = ServerInfo.of(link, "server", "memory", "persistence", "replication", "stats");
        Map<String, String> config = config(link, hidden);
        boolean valkey = info.has("valkey_version");
        long before = clock.getAsLong();
        Object asked = unlessDenied(hidden, link, Command.TIME);
        long here = (before + clock.getAsLong()) / 2;
        long there = asked == null ? here : millis(Link.texts(asked));
        return new ServerFacts(
                server,
                valkey ? "Valkey" : "Redis",
                info.text(valkey ? "valkey_version" : "redis_version", "unknown"),
                memory(info),
                disk(info, config, there / 1_000),
                replicas(info, config),
                Duration.ofMillis(there - here),
                slowLog(link, there / 1_000, hidden),
                limits(info, config),
                hidden);
    }

    private static @Nullable Object unlessDenied(List<String> hidden, Link link, Command command, Object... args) {
        try {
            return link.call(command, args);
        } catch (StoreException e) {
            if (e.kind() != Kind.NEVER) {
                throw e;
            }
            hidden.add(command.name()
                    + (args.length == 0 ? "" : " GET")); // not permitted, or renamed by whoever runs the server
            return null;
        }
    }

    private static long millis(List<String> time) {
        return Long.parseLong(time.get(0)) * 1_000 + Long.parseLong(time.get(1)) / 1_000;
    }

    /** Null if it may not be seen. */
    private static @Nullable Map<String, String> config(Link link, List<String> hidden) {
        Map<String, String> config = new HashMap<>();
        for (String setting : SETTINGS) {
            Object reply = unlessDenied(hidden, link, Command.CONFIG, "GET", setting);
            if (reply == null) {
                return null;
            }
            config.putAll(Link.map(reply));
        }
        return config;
    }

    private static Memory memory(ServerInfo info) {
        return new Memory(
                info.number("used_memory") - info.number("mem_not_counted_for_evict"),
                info.number("used_memory_startup"),
                info.number("maxmemory"),
                info.number("total_system_memory"),
                info.text("maxmemory_policy", "noeviction"),
                Duration.ofSeconds(info.number("uptime_in_seconds")));
    }

    private static Disk disk(ServerInfo info, @Nullable Map<String, String> config, long nowSeconds) {
        boolean appendOnly = info.number("aof_enabled") == 1;
        boolean appendFails =
                appendOnly && !info.text("aof_last_write_status", "ok").equals("ok");
        boolean snapshotFails = !info.text("rdb_last_bgsave_status", "ok").equals("ok");
        @Nullable
        Boolean snapshots =
                config == null ? null : !config.getOrDefault("save", "").isBlank();
        boolean stops = config != null && "yes".equals(config.get("stop-writes-on-bgsave-error"));
        return new Disk(
                appendOnly,
                config == null ? null : config.get("appendfsync"),
                appendFails,
                snapshots,
                snapshotFails,
                appendFails || (snapshotFails && stops && Boolean.TRUE.equals(snapshots)),
                Duration.ofSeconds(Math.max(0, nowSeconds - info.number("rdb_last_save_time"))));
    }

    private static Replicas replicas(ServerInfo info, @Nullable Map<String, String> config) {
        boolean wanted = info.has("min_slaves_good_slaves"); // says so only then
        return new Replicas(
                (int) info.number("connected_slaves"),
                info.count("slave", ServerExamination::behind),
                !wanted
                        ? Integer.valueOf(0)
                        : config == null ? null : (int) Link.number(config.get("min-replicas-to-write"), 0),
                wanted ? (int) info.number("min_slaves_good_slaves") : -1);
    }

    private static boolean behind(String replica) {
        Matcher lag = LAG.matcher(replica);
        return !replica.contains("state=online")
                || (lag.find() && Link.number(lag.group(1), Long.MAX_VALUE) > LONGEST_LAG);
    }

    private @Nullable SlowLog slowLog(Link link, long nowSeconds, List<String> hidden) {
        Object reply = unlessDenied(hidden, link, Command.SLOWLOG, "GET", 128);
        if (reply == null) {
            return null;
        }
        int slow = 0;
        long longest = 0;
        String command = "";
        for (Object each : Link.list(reply)) {
            SlowCall call = SlowCall.of(Link.list(each));
            if (nowSeconds - call.atSeconds() <= DAY_SECONDS) {
                slow++;
                if (call.micros() > longest) {
                    longest = call.micros();
                    command = named(call.words());
                }
            }
        }
        return new SlowLog(slow, Duration.ofNanos(longest * 1_000), command);
    }

    /** One of the slow log. */
    private record SlowCall(long atSeconds, long micros, List<String> words) {

        static SlowCall of(List<Object> reply) { // after its number
            return new SlowCall(Link.number(reply.get(1), 0), Link.number(reply.get(2), 0), Link.texts(reply.get(3)));
        }
    }

    /** The command, and which script of Hark's that was; no other argument, since it may be a body. */
    private String named(List<String> words) {
        String command = words.isEmpty() ? "?" : words.get(0).toUpperCase(Locale.ROOT);
        if (words.size() > 3 && keys.own(words.get(3))) {
            return Arrays.stream(Script.values())
                    .filter(script -> script.sha1().equals(words.get(1)))
                    .map(script -> command + " of " + script.file() + " on " + words.get(3))
                    .findFirst()
                    .orElse(command);
        }
        return command;
    }

    private static @Nullable OutputLimits limits(ServerInfo info, @Nullable Map<String, String> config) {
        if (config == null) {
            return null;
        }
        // normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60
        List<String> words =
                List.of(config.getOrDefault("client-output-buffer-limit", "").split(" "));
        return new OutputLimits(
                hard(words, "normal"), hard(words, "pubsub"), info.number("client_output_buffer_limit_disconnections"));
    }

    private static long hard(List<String> words, String kind) {
        int at = words.indexOf(kind);
        return at < 0 || at + 1 >= words.size() ? 0 : Link.number(words.get(at + 1), 0);
    }
}
