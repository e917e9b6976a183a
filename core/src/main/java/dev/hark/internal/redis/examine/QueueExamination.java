package dev.hark.internal.redis.examine;

import dev.hark.Durability;
import dev.hark.InvalidInputException;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.QueueFacts.Holders;
import dev.hark.internal.engine.QueueFacts.Reach;
import dev.hark.internal.engine.QueueFacts.Sum;
import dev.hark.internal.engine.QueueFacts.WrongKey;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Calls;
import dev.hark.internal.redis.wire.Connections;
import dev.hark.internal.redis.wire.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at all of a queue's keys, and weighs what they hold where the figures do not match. */
public final class QueueExamination {

    private static final int MOST_NAMES = 100;

    /** Entries that are always read: a loss can hide behind an entry that does not count yet. */
    private static final int FEW = 1_000;

    private static final List<String> COUNTERS = List.of(
            "published",
            "done",
            "retried",
            "recovered",
            "refused",
            "deleted",
            "dropped",
            "copies",
            "delayed",
            "listed");

    private final Connections connections;
    private final Calls calls;
    private final Keys keys;

    public QueueExamination(Connections connections, Calls calls, Keys keys) {
        this.connections = connections;
        this.calls = calls;
        this.keys = keys;
    }

    /** See {@link dev.hark.internal.engine.InspectStore#examine(String)}. */
    public QueueFacts examine(String queue) {
        List<String> at = List.of(
                keys.ready(queue),
                keys.later(queue),
                keys.held(queue),
                keys.dead(queue),
                keys.sessions(queue),
                keys.settled(queue),
                keys.stats(queue),
                keys.config(queue));
        Seen seen =
                new Seen(Link.list(calls.run(Script.EXAMINE, at, List.of(MOST_NAMES, QueueFacts.GRACE.toMillis()))));
        List<WrongKey> wrong = seen.wrong(at);
        boolean lost = wrong.isEmpty() && seen.figure(2) == 0 && seen.stats.containsKey("floor");
        return new QueueFacts(
                queue,
                connections.shown(connections.route(keys.ready(queue)).node()),
                seen.durability(),
                wrong,
                seen.texts(1),
                seen.unreadable(),
                lost,
                seen.waiting(),
                seen.figure(4),
                seen.figure(5),
                seen.figure(6),
                seen.figure(8),
                seen.holders(9),
                seen.holders(11),
                seen.time(13),
                seen.time(14),
                seen.time(19),
                seen.settled(),
                lost || !wrong.isEmpty() || !seen.unreadable().isEmpty() ? null : sum(queue, seen));
    }

    /** By the counters where they match, unless there are so few entries that they can be read all the same. */
    private Sum sum(String queue, Seen seen) {
        if (seen.even() && seen.entries() > FEW) {
            return Sum.EVEN;
        }
        Sum weighed = weigh(queue);
        return seen.even() && weighed.missing() <= 0 && weighed.reach() != Reach.ALL ? Sum.EVEN : weighed;
    }

    private Sum weigh(String queue) {
        List<Object> reply = Link.list(calls.run(
                Script.WEIGH,
                List.of(keys.ready(queue), keys.later(queue), keys.held(queue), keys.dead(queue), keys.stats(queue)),
                List.of()));
        Reach reach = switch ((int) Link.number(reply.get(1))) {
            case 2 -> Reach.ALL;
            case 1 -> Reach.HANDED_OUT;
            default -> Reach.LITTLE;
        };
        return new Sum(Link.number(reply.get(0)), reach);
    }

    /** See {@link dev.hark.internal.engine.InspectStore#writeOff}. */
    public long writeOff(String queue) {
        return Link.number(calls.run(
                Script.WRITE_OFF,
                List.of(
                        keys.ready(queue),
                        keys.later(queue),
                        keys.held(queue),
                        keys.dead(queue),
                        keys.stats(queue),
                        keys.sessions(queue)),
                List.of()));
    }

    /** The reply of the script. */
    private static final class Seen {

        private static final List<String> TYPES =
                List.of("stream", "zset", "hash", "stream", "zset", "hash", "hash", "hash");

        private final List<Object> reply;
        final Map<String, String> stats = new HashMap<>();

        Seen(List<Object> reply) {
            this.reply = reply;
            List<String> flat = texts(15);
            for (int i = 0; i + 1 < flat.size(); i += 2) {
                stats.put(flat.get(i), flat.get(i + 1));
            }
        }

        List<WrongKey> wrong(List<String> at) {
            List<WrongKey> wrong = new ArrayList<>();
            List<String> types = texts(0);
            for (int i = 0; i < types.size(); i++) {
                if (!types.get(i).equals("none") && !types.get(i).equals(TYPES.get(i))) {
                    wrong.add(new WrongKey(at.get(i), types.get(i), TYPES.get(i)));
                }
            }
            return wrong;
        }

        List<String> unreadable() {
            return COUNTERS.stream()
                    .filter(counter -> stats.containsKey(counter)
                            && Link.number(stats.get(counter), Long.MIN_VALUE) == Long.MIN_VALUE)
                    .toList();
        }

        private long counter(String name) {
            return Link.number(stats.get(name), 0);
        }

        long waiting() {
            return figure(3) - figure(4) - counter("listed");
        }

        /** Settled entries are the oldest, by which the server tells how large one is. */
        QueueFacts.Settled settled() {
            List<String> holder = texts(18);
            long settled = Math.max(0, Math.min(entries(), counter("listed")));
            double each = Math.max(0, figure(17)) / (double) Math.max(1, entries());
            return new QueueFacts.Settled(
                    settled,
                    Math.round(each * settled),
                    holder.isEmpty() ? null : holder.get(0),
                    holder.isEmpty() ? null : Duration.ofMillis(Link.number(holder.get(1), 0)));
        }

        long entries() {
            return figure(3);
        }

        boolean even() {
            long in = counter("published") + counter("copies");
            long out = counter("done")
                    + figure(3)
                    - counter("listed")
                    + figure(5)
                    + figure(7)
                    + counter("deleted")
                    + counter("dropped");
            boolean waits = time(13) != null;
            return in == out && counter("listed") >= 0 && (waits ? waiting() > 0 : waiting() == 0);
        }

        long figure(int place) {
            return Link.number(reply.get(place), 0);
        }

        List<String> texts(int place) {
            return Link.texts(reply.get(place));
        }

        /** Treats a durability that cannot be read as the default, as publishers do. */
        Durability durability() {
            try {
                String wanted = Link.text(reply.get(16));
                return wanted.isEmpty() ? Durability.MEMORY : Durability.parse(wanted);
            } catch (InvalidInputException e) {
                return Durability.MEMORY;
            }
        }

        @Nullable
        Duration time(int place) {
            long millis = figure(place);
            return millis < 0 ? null : Duration.ofMillis(millis);
        }

        /** How many, then each with what it holds. */
        Holders holders(int place) {
            List<String> flat = texts(place + 1);
            List<String> names = new ArrayList<>();
            long messages = 0;
            for (int i = 0; i + 1 < flat.size(); i += 2) {
                names.add(flat.get(i));
                messages += Link.number(flat.get(i + 1), 0);
            }
            return new Holders(figure(place), messages, names);
        }
    }
}
