package dev.hark.internal.redis;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Connections;
import dev.hark.internal.redis.wire.Entries;
import dev.hark.internal.redis.wire.Entry;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Purpose;
import dev.hark.internal.redis.wire.RedisErrors;
import dev.hark.internal.redis.wire.Reply;
import dev.hark.internal.redis.wire.Route;
import dev.hark.internal.redis.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Claims over a connection of its own. One stream alone is read directly, which can block and claim in one command;
 * several are claimed by a script that gets exactly as many as asked. Who waits without claiming reads in a second group,
 * without acknowledging: of each new entry one reader is told.
 */
final class RedisClaims implements ClaimSource {

    /** The group in which those wait who claim nothing, and its one consumer. */
    private static final String WAITING = "wait";

    private final Connections connections;
    private final Homes homes;
    private final List<Address> queues;
    private final List<String> streams;
    private final List<String> stats; // of the queues, in their order

    private volatile @Nullable Link link; // owned by the claiming thread, but for close()
    private volatile @Nullable Route route; // of the link
    private @Nullable Route next; // owned by the claiming thread: where the last server said that they are
    private final Set<String> told =
            new LinkedHashSet<>(); // owned by the claiming thread: streams that may have something
    private int turn; // owned by the claiming thread: which queue is asked first, in turn
    private @Nullable Link allowed; // owned by the claiming thread: the link on which the session may claim
    private String claimer = ""; // owned by the claiming thread: that session
    private volatile @Nullable String clientId;
    private volatile boolean closed;

    RedisClaims(Connections connections, Keys keys, List<Address> queues, Homes homes) {
        this.homes = homes;
        this.connections = connections;
        this.queues = List.copyOf(queues);
        this.streams = queues.stream().map(keys::ready).toList();
        this.stats = queues.stream().map(keys::stats).toList();
    }

    @Override
    public List<Claimed> claim(String session, int max, Duration wait) {
        return over(wait, at -> {
            mayClaim(at, session);
            return streams.size() == 1 && told.isEmpty() ? read(at, session, max, wait) : script(at, session, max);
        });
    }

    @Override
    public boolean await(Duration wait) {
        return over(wait, at -> {
            try {
                List<Object> reply = Link.list(at.call(reading(WAITING, WAITING, 1, wait, true)));
                byStream(reply, (stream, entries) -> {
                    if (!entries.isEmpty()) {
                        told.add(stream);
                    }
                });
                return !told.isEmpty();
            } catch (StoreException e) {
                if (!RedisErrors.is(e, "NOGROUP")) {
                    throw e;
                }
                told.addAll(streams); // nobody has waited yet, or the group was lost: the next claim makes it
                return true;
            }
        });
    }

    @Override
    public void passOn() {
        over(Duration.ZERO, at -> script(at, "", 0));
    }

    private <R> R over(Duration wait, Function<Link, R> work) {
        Link at = connected();
        try {
            at.replyTimeout(wait.plus(Wire.REPLY_TIMEOUT).toMillis());
            return work.apply(at);
        } catch (StoreException e) {
            Route tried = route;
            if (tried != null) {
                next = connections.next(tried, e);
            }
            if (at.broken() || RedisErrors.maybeElsewhere(e)) {
                disconnect();
            }
            throw e;
        } catch (RuntimeException | Error e) { // no memory for a reply: what comes next over it is the rest of that one
            disconnect();
            throw e;
        }
    }

    /** Under a session of another run something else may have been claimed with the same ids. */
    private void mayClaim(Link at, String session) {
        if (at != allowed || !session.equals(claimer)) {
            String run = at.run();
            for (Address queue : queues) {
                if (homes.elsewhere(session, queue, run)) {
                    throw new StoreException(
                            Kind.NOT_NOW,
                            "the server of queue '" + queue.name() + "' has changed since session " + session
                                    + " was opened: nothing is claimed under it, and another follows",
                            null);
                }
            }
            allowed = at;
            claimer = session;
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
        List<Claimed> claimed = new ArrayList<>();
        byStream(
                Link.list(at.call(reading("hark", session, max, wait, false))),
                (stream, entries) -> collect(queues.get(0), session, entries, claimed));
        return claimed;
    }

    private CommandArguments reading(String group, String consumer, int max, Duration wait, boolean noAck) {
        CommandArguments command = new CommandArguments(Command.XREADGROUP)
                .add("GROUP")
                .add(group)
                .add(consumer)
                .add("COUNT")
                .add(max);
        if (wait.toMillis() > 0) {
            command.add("BLOCK").add(wait.toMillis());
        }
        if (noAck) {
            command.add("NOACK");
        }
        command.add("STREAMS");
        streams.forEach(command::add);
        streams.forEach(stream -> command.add(">"));
        return command;
    }

    private static void byStream(List<Object> reply, BiConsumer<String, List<Object>> use) {
        boolean flat = !reply.isEmpty() && reply.get(0) instanceof byte[]; // a map of version 3 of the protocol
        for (int i = 0; i < reply.size(); i += flat ? 2 : 1) {
            List<Object> pair = flat ? reply.subList(i, i + 2) : Link.list(reply.get(i));
            use.accept(Link.text(pair.get(0)), Link.list(pair.get(1)));
        }
    }

    private List<Claimed> script(Link at, String session, int max) {
        int n = streams.size();
        turn = (turn + 1) % n;
        List<String> inTurn = new ArrayList<>(2 * n);
        for (List<String> part : List.of(streams, stats)) {
            inTurn.addAll(part.subList(turn, n));
            inTurn.addAll(part.subList(0, turn));
        }
        List<Object> args = new ArrayList<>(List.of(session, max));
        for (int place = 0; place < n && !told.isEmpty(); place++) {
            if (told.contains(inTurn.get(place))) {
                args.add(place + 1);
            }
        }
        List<Claimed> claimed = new ArrayList<>();
        String error = null;
        List<Object> replies = Link.list(at.run(Script.CLAIM, inTurn, args));
        told.clear();
        for (Object each : replies) {
            Reply reply = new Reply(Script.CLAIM, each);
            if (reply.get("found") instanceof byte[]) {
                error = reply.text("found");
            } else {
                int place = reply.count("place") - 1;
                collect(queues.get((turn + place) % n), session, reply.list("found"), claimed);
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
            case RedisErrors.NEWER_LAYOUT -> Kind.NEWER_LAYOUT;
            default -> Kind.NOT_NOW;
        };
    }

    private static void collect(Address queue, String session, List<Object> entries, List<Claimed> into) {
        for (Object entry : entries) {
            into.add(claimed(queue, session, Entry.of(entry)));
        }
    }

    private static Claimed claimed(Address queue, String session, Entry entry) {
        List<Object> fields = entry.fields();
        return new Claimed(queue, session, entry.id(), Entries.content(entry.id(), fields), Entries.bytes(fields));
    }

    @Override
    public void wake() {
        String id = clientId;
        Route to = route;
        if (id != null && to != null) {
            try (Link other = connections.borrow(to, Purpose.SETTLING)) {
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
