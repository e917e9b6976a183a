package dev.hark.internal.redis;

import dev.hark.internal.engine.Store.ClaimSource;
import dev.hark.internal.engine.Store.Claimed;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.redis.Servers.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Claims over a connection of its own. One stream alone is read directly, which blocks and claims in one command; several
 * are claimed by a script that gets exactly as many as asked, and once they are empty awaited by a blocking read.
 */
final class RedisClaims implements ClaimSource {

    private final Connections connections;
    private final List<String> queues;
    private final List<String> streams;
    private final List<String> stats; // of the queues, in their order

    private volatile @Nullable Link link; // owned by the claiming thread, but for close()
    private volatile @Nullable Route route; // of the link
    private @Nullable Route next; // owned by the claiming thread: where the last server said that they are
    private boolean busy; // owned by the claiming thread: whether the last claim brought something
    private int turn; // owned by the claiming thread: which queue is asked first, in turn
    private volatile @Nullable String clientId;
    private volatile boolean closed;

    RedisClaims(Connections connections, Keys keys, List<String> queues) {
        this.connections = connections;
        this.queues = List.copyOf(queues);
        this.streams = queues.stream().map(keys::ready).toList();
        this.stats = queues.stream().map(keys::stats).toList();
    }

    @Override
    public List<Claimed> claim(String session, int max, Duration wait) {
        Link at = connected();
        try {
            at.replyTimeout(wait.plus(Wire.REPLY_TIMEOUT).toMillis());
            if (streams.size() == 1) {
                return read(at, session, max, wait);
            }
            List<Claimed> got = busy || wait.isZero() ? script(at, session, max) : List.of();
            if (got.isEmpty() && !wait.isZero()) {
                got = read(at, session, 1, wait);
            }
            busy = !got.isEmpty();
            return got;
        } catch (StoreException e) {
            Route tried = route;
            if (tried != null) {
                next = connections.next(tried, e);
            }
            if (at.broken() || Failures.maybeElsewhere(e)) {
                disconnect();
            }
            throw e;
        }
    }

    private Link connected() {
        if (closed) {
            throw closedBefore();
        }
        Link at = link;
        if (at == null) {
            Route to = next != null ? next : connections.route(streams.get(0));
            next = null;
            link = at = connections.open(to);
            route = to;
            if (closed) {
                disconnect(); // close() may have looked for it just before
                throw closedBefore();
            }
            clientId = Link.text(at.call(Command.CLIENT, "ID"));
        }
        return at;
    }

    private StoreException closedBefore() {
        return new StoreException(Kind.NOT_NOW, "the claiming of " + queues + " was closed", null);
    }

    private List<Claimed> read(Link at, String session, int max, Duration wait) {
        CommandArguments command = new CommandArguments(Command.XREADGROUP)
                .add("GROUP")
                .add("hark")
                .add(session)
                .add("COUNT")
                .add(max);
        if (wait.toMillis() > 0) {
            command.add("BLOCK").add(wait.toMillis());
        }
        command.add("STREAMS");
        streams.forEach(command::add);
        streams.forEach(stream -> command.add(">"));
        List<Claimed> claimed = new ArrayList<>();
        List<Object> reply = Link.list(at.call(command));
        boolean flat = !reply.isEmpty() && reply.get(0) instanceof byte[]; // a map of version 3 of the protocol
        for (int i = 0; i < reply.size(); i += flat ? 2 : 1) {
            List<Object> pair = flat ? reply.subList(i, i + 2) : Link.list(reply.get(i));
            String queue = queues.get(streams.size() == 1 ? 0 : streams.indexOf(Link.text(pair.get(0))));
            collect(queue, session, Link.list(pair.get(1)), claimed);
        }
        return claimed;
    }

    private List<Claimed> script(Link at, String session, int max) {
        int n = streams.size();
        turn = (turn + 1) % n;
        List<String> inTurn = new ArrayList<>(2 * n);
        for (List<String> part : List.of(streams, stats)) {
            inTurn.addAll(part.subList(turn, n));
            inTurn.addAll(part.subList(0, turn));
        }
        List<Claimed> claimed = new ArrayList<>();
        String error = null;
        for (Object stream : Link.list(at.run(Script.CLAIM, inTurn, List.of(session, max)))) {
            List<Object> pair = Link.list(stream);
            if (pair.get(1) instanceof byte[] text) {
                error = Link.text(text);
            } else {
                int place = (int) Link.number(pair.get(0)) - 1;
                collect(queues.get((turn + place) % n), session, Link.list(pair.get(1)), claimed);
            }
        }
        if (error != null && claimed.isEmpty()) {
            throw new StoreException(kind(error), "Redis answers: " + error, null);
        }
        return claimed;
    }

    private static Kind kind(String error) {
        return switch (error.split(" ", 2)[0]) {
            case "WRONGTYPE" -> Kind.WRONG_TYPE;
            case Failures.NEWER_LAYOUT -> Kind.NEWER_LAYOUT;
            default -> Kind.NOT_NOW;
        };
    }

    private static void collect(String queue, String session, List<Object> entries, List<Claimed> into) {
        for (Object entry : entries) {
            List<Object> pair = Link.list(entry);
            String id = Link.text(pair.get(0));
            into.add(new Claimed(queue, session, id, Entries.content(id, Link.list(pair.get(1)))));
        }
    }

    @Override
    public void wake() {
        String id = clientId;
        Route to = route;
        if (id != null && to != null) {
            try (Link other = connections.borrow(to)) {
                other.call(Command.CLIENT, "UNBLOCK", id);
            } catch (StoreException e) {
                // not allowed or not connected: the wait ends by itself in less than a second
                clientId = null;
            }
        }
    }

    private void disconnect() {
        Link at = link;
        link = null;
        if (at != null) {
            at.close();
        }
        clientId = null;
    }

    @Override
    public void close() {
        closed = true;
        disconnect();
    }
}
