package dev.hark.internal.redis.examine;

import dev.hark.Durability;
import dev.hark.error.InvalidInputException;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.QueueFacts.Holders;
import dev.hark.internal.engine.QueueFacts.Reach;
import dev.hark.internal.engine.QueueFacts.Sum;
import dev.hark.internal.engine.QueueFacts.WrongKey;
import dev.hark.internal.redis.scripts.Counter;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Calls;
import dev.hark.internal.redis.wire.Connections;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at all of a queue's keys, and weighs what they hold where the figures do not match. */
public final class QueueExamination {

    private static final int MOST_NAMES = 100;

    /** Entries that are always read: a loss can hide behind an entry that does not count yet. */
    private static final int FEW = 1_000;

    private final Connections connections;
    private final Calls calls;
    private final Keys keys;

    public QueueExamination(Connections connections, Calls calls, Keys keys) {
        this.connections = connections;
        this.calls = calls;
        this.keys = keys;
    }

    /** See {@link dev.hark.internal.engine.InspectStore#examine(Address)}. */
    public QueueFacts examine(Address queue) {
        List<String> scriptKeys = List.of(
                keys.ready(queue),
                keys.later(queue),
                keys.held(queue),
                keys.dead(queue),
                keys.sessions(queue),
                keys.settled(queue),
                keys.stats(queue),
                keys.config(queue));
        Seen seen = new Seen(calls.ask(Script.EXAMINE, scriptKeys, List.of(MOST_NAMES, QueueFacts.GRACE.toMillis())));
        List<WrongKey> wrong = seen.wrong(scriptKeys);
        boolean lost = wrong.isEmpty() && !seen.reply.is("has_group") && seen.stats.containsKey("floor");
        return new QueueFacts(
                queue.name(),
                connections.shown(connections.route(keys.ready(queue)).node()),
                seen.durability(),
                wrong,
                seen.reply.texts("without_ids"),
                seen.unreadable(),
                lost,
                seen.waiting(),
                seen.figure("pending"),
                seen.figure("later"),
                seen.figure("held"),
                seen.figure("sessions"),
                seen.holders("lapsed", "lapsed_sessions"),
                seen.holders("strays", "stray_consumers"),
                seen.time("waited"),
                seen.time("overdue"),
                seen.time("last_asked"),
                seen.settled(),
                lost || !wrong.isEmpty() || !seen.unreadable().isEmpty() ? null : sum(queue, seen));
    }

    /** By the counters where they match, unless there are so few entries that they can be read all the same. */
    private Sum sum(Address queue, Seen seen) {
        if (seen.even() && seen.entries() > FEW) {
            return Sum.EVEN;
        }
        Sum weighed = weigh(queue);
        return seen.even() && weighed.missing() <= 0 && weighed.reach() != Reach.ALL ? Sum.EVEN : weighed;
    }

    private Sum weigh(Address queue) {
        Reply reply = calls.ask(
                Script.WEIGH,
                List.of(keys.ready(queue), keys.later(queue), keys.held(queue), keys.dead(queue), keys.stats(queue)),
                List.of());
        Reach reach = switch (reply.count("reach")) {
            case 2 -> Reach.ALL;
            case 1 -> Reach.HANDED_OUT;
            default -> Reach.LITTLE;
        };
        return new Sum(reply.number("missing"), reach);
    }

    /** See {@link dev.hark.internal.engine.InspectStore#writeOff}. */
    public long writeOff(Address queue) {
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

        final Reply reply;
        final Map<String, String> stats;

        Seen(Reply reply) {
            this.reply = reply;
            stats = Link.map(reply.get("stats"));
        }

        List<WrongKey> wrong(List<String> scriptKeys) {
            List<WrongKey> wrong = new ArrayList<>();
            List<String> types = reply.texts("types");
            for (int i = 0; i < types.size(); i++) {
                if (!types.get(i).equals("none") && !types.get(i).equals(TYPES.get(i))) {
                    wrong.add(new WrongKey(scriptKeys.get(i), types.get(i), TYPES.get(i)));
                }
            }
            return wrong;
        }

        List<String> unreadable() {
            return Stream.of(Counter.values())
                    .map(Counter::field)
                    .filter(counter -> stats.containsKey(counter)
                            && Link.number(stats.get(counter), Long.MIN_VALUE) == Long.MIN_VALUE)
                    .toList();
        }

        private long counter(Counter counter) {
            return Link.number(stats.get(counter.field()), 0);
        }

        long waiting() {
            return entries() - figure("pending") - counter(Counter.LISTED);
        }

        /** Settled entries are the oldest, by which the server tells how large one is. */
        QueueFacts.Settled settled() {
            List<String> holder = reply.texts("first_holder");
            long settled = Math.max(0, Math.min(entries(), counter(Counter.LISTED)));
            double each = Math.max(0, figure("bytes")) / (double) Math.max(1, entries());
            return new QueueFacts.Settled(
                    settled,
                    Math.round(each * settled),
                    holder.isEmpty() ? null : holder.get(0),
                    holder.isEmpty() ? null : Duration.ofMillis(Link.number(holder.get(1), 0)));
        }

        long entries() {
            return figure("entries");
        }

        boolean even() {
            long in = counter(Counter.PUBLISHED) + counter(Counter.COPIES);
            long out = counter(Counter.DONE)
                    + entries()
                    - counter(Counter.LISTED)
                    + figure("later")
                    + figure("dead")
                    + counter(Counter.DELETED)
                    + counter(Counter.DROPPED);
            boolean waits = time("waited") != null;
            return in == out && counter(Counter.LISTED) >= 0 && (waits ? waiting() > 0 : waiting() == 0);
        }

        long figure(String name) {
            return Link.number(reply.get(name), 0);
        }

        /** Treats a durability that cannot be read as the default, as publishers do. */
        Durability durability() {
            try {
                String wanted = reply.text("durability");
                return wanted.isEmpty() ? Durability.MEMORY : Durability.parse(wanted);
            } catch (InvalidInputException e) {
                return Durability.MEMORY;
            }
        }

        @Nullable
        Duration time(String name) {
            long millis = figure(name);
            return millis < 0 ? null : Duration.ofMillis(millis);
        }

        Holders holders(String howMany, String each) {
            Map<String, String> messages = Link.map(reply.get(each));
            return new Holders(
                    figure(howMany),
                    messages.values().stream()
                            .mapToLong(held -> Link.number(held, 0))
                            .sum(),
                    List.copyOf(messages.keySet()));
        }
    }
}
