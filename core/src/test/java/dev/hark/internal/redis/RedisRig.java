package dev.hark.internal.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import dev.hark.Redis;
import dev.hark.admin.Role;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreRig;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Connections;
import dev.hark.internal.redis.wire.Link;
import dev.hark.testing.Users;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Protocol.Command;

/** A {@link RedisStore} on a server of its own, and a connection beside it. */
public final class RedisRig implements StoreRig {

    private static final String PREFIX = "test";
    private static final Pattern BLOCKED = Pattern.compile("^id=(\\d+) .* flags=\\w*b\\w* .*$", Pattern.MULTILINE);

    private final UnaryOperator<Redis> how;
    private final DevServer server;
    private final RoleStore store;
    private final Connections connections;
    private final Link link;
    private final Keys keys = new Keys(PREFIX);
    private final Set<String> blockedBefore = new HashSet<>();

    public RedisRig(ServerOptions options) {
        this(options, UnaryOperator.identity());
    }

    /** One whose store, and those of others, reach the server in another way than the usual one. */
    public RedisRig(ServerOptions options, UnaryOperator<Redis> how) {
        this.how = how;
        server = DevServer.start(Users.in(options, PREFIX));
        store = new RoleStore(this::storeOf);
        connections = new Connections(Redis.of(server.url()), event -> {});
        link = connections.open(connections.route(""));
    }

    /** A store of another process on the same server. */
    public RedisStore anotherStore() {
        return storeOf(Role.ADMIN);
    }

    /** A store that may do what a role may. */
    public RedisStore storeOf(Role role) {
        return new RedisStore(how.apply(Redis.of(urlOf(role))), PREFIX);
    }

    /** The server as a user of this role sees it. */
    public String urlOf(Role role) {
        return Users.url(server, role, PREFIX);
    }

    @Override
    public Store store() {
        return store;
    }

    public Keys keys() {
        return keys;
    }

    public String url() {
        return server.url();
    }

    public int port() {
        return server.port();
    }

    public String version() {
        return server.version();
    }

    // ---- commands of its own

    public Object call(Command command, Object... args) {
        return link.call(command, args);
    }

    public Object run(Script script, List<String> keys, List<?> args) {
        return link.run(script, keys, args);
    }

    public long number(Command command, Object... args) {
        return Link.number(call(command, args));
    }

    public List<String> texts(Command command, Object... args) {
        return Link.texts(call(command, args));
    }

    /** Runs something while the server has no memory left. */
    public void withoutMemory(Runnable work) {
        call(Command.CONFIG, "SET", "maxmemory", "1");
        try {
            work.run();
        } finally {
            call(Command.CONFIG, "SET", "maxmemory", "0");
        }
    }

    /** All keys of a queue. */
    public List<String> keysOf(Address queue) {
        return texts(Command.KEYS, PREFIX + ":{" + queue + "}:*");
    }

    /** All that is kept of a queue, byte by byte. */
    public Map<String, String> dump(Address queue) {
        Map<String, String> dump = new TreeMap<>();
        for (String key : keysOf(queue)) {
            dump.put(key, new String((byte[]) call(Command.DUMP, key), ISO_8859_1));
        }
        return dump;
    }

    // ---- StoreRig

    @Override
    public long nowMillis() {
        List<String> time = texts(Command.TIME);
        return Long.parseLong(time.get(0)) * 1_000 + Long.parseLong(time.get(1)) / 1_000;
    }

    @Override
    public String addForeign(Address queue, Map<String, String> fields) {
        List<Object> args = new ArrayList<>(List.of(keys.ready(queue), "*"));
        fields.forEach((name, value) -> args.addAll(List.of(name, value)));
        return Link.text(call(Command.XADD, args.toArray()));
    }

    @Override
    public void age(Address queue, Duration by) {
        long millis = by.toMillis();
        for (String key : List.of(keys.later(queue), keys.sessions(queue))) {
            for (String member : texts(Command.ZRANGE, key, 0, -1)) {
                call(Command.ZINCRBY, key, -millis, member);
            }
        }
        for (Object pending : pending(queue)) {
            List<String> held = Link.texts(pending);
            long idle = Long.parseLong(held.get(2)) + millis;
            String ready = keys.ready(queue);
            call(Command.XCLAIM, ready, "hark", held.get(1), 0, held.get(0), "IDLE", idle, "JUSTID");
        }
        for (String key : texts(Command.KEYS, keys.sender(queue, "*"))) {
            call(Command.PEXPIRE, key, number(Command.PTTL, key) - millis);
        }
    }

    /** Everything that was kept by the clock before is as far away from it as it would be then. */
    @Override
    public void turnClock(Address queue, Duration by) {
        long millis = by.toMillis();
        for (String member : texts(Command.ZRANGE, keys.sessions(queue), 0, -1)) {
            call(Command.ZINCRBY, keys.sessions(queue), -millis, member);
        }
        String stats = keys.stats(queue);
        long seen = Long.parseLong(Link.text(call(Command.HGET, stats, "seen")).substring(1));
        call(Command.HSET, stats, "seen", "t" + (seen - millis));
    }

    private List<Object> pending(Address queue) {
        boolean none = number(Command.EXISTS, keys.ready(queue)) == 0
                || Link.list(call(Command.XINFO, "GROUPS", keys.ready(queue))).isEmpty();
        return none ? List.of() : Link.list(call(Command.XPENDING, keys.ready(queue), "hark", "-", "+", 10_000));
    }

    @Override
    public void awaitBlocked(ListenStore.ClaimSource source) {
        await().until(() -> {
            Matcher blocked = BLOCKED.matcher(Link.text(call(Command.CLIENT, "LIST")));
            boolean another = false;
            while (blocked.find()) {
                another |= blockedBefore.add(blocked.group(1));
            }
            return another;
        });
    }

    @Override
    public void close() {
        store.close();
        link.close();
        connections.close();
        server.close();
    }
}
