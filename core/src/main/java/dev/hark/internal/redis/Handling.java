package dev.hark.internal.redis;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Answer;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.Beat;
import dev.hark.internal.engine.ListenStore.Opened;
import dev.hark.internal.engine.ListenStore.Promotion;
import dev.hark.internal.engine.ListenStore.Seat;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.ListenStore.Sweep;
import dev.hark.internal.engine.ListenStore.Takeover;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Calls;
import dev.hark.internal.redis.wire.Calls.Ran;
import dev.hark.internal.redis.wire.Job;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What listeners do with messages, but for claiming them. */
final class Handling {

    /** Settled entries are trimmed once there are this many: streams free whole nodes of about 100. */
    private static final int TRIM_AT = 128;

    /** Beyond this, a slow message holds the floor, and each batch deletes its own entries. */
    private static final int DELETE_AT = 10_000;

    private static final int STEP_MESSAGES = 200;
    private static final int STEP_BYTES = 1 << 20;

    /** What is sent together runs in a row, and all others wait for Redis meanwhile. */
    private static final int MESSAGES_IN_A_ROW = 1_000;

    private static final int BYTES_IN_A_ROW = 4 << 20;

    /** Settles nothing, and counts as refused: no entry has this id. */
    private static final Settlement REFUSED = new Settlement.Done("0-0", false);

    private final Calls calls;
    private final Keys keys;
    private final Registry registry;
    private final Homes homes;

    Handling(Calls calls, Keys keys, Registry registry, Homes homes) {
        this.homes = homes;
        this.calls = calls;
        this.keys = keys;
        this.registry = registry;
    }

    /** See {@link ListenStore#open}. */
    List<Answer<Opened>> open(List<Address> queues, String session, Duration lease) {
        List<Answer<Ran>> replies = calls.runAllForLease(queues.stream()
                .map(queue -> new Job(
                        Script.OPEN,
                        List.of(
                                keys.ready(queue),
                                keys.stats(queue),
                                keys.sessions(queue),
                                keys.settled(queue),
                                keys.later(queue),
                                keys.held(queue),
                                keys.dead(queue)),
                        List.of(session, lease.toMillis())))
                .toList());
        registry.renew(IntStream.range(0, queues.size()) // whoever opens anew may do so since everything was lost
                .filter(i -> replies.get(i) instanceof Answer.Given)
                .mapToObj(i -> queues.get(i).name())
                .toList());
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof Answer.Given<Ran>(Ran ran)) {
                homes.opened(session, queues.get(i), ran.run());
            }
        }
        return each(replies, reply -> new Opened(reply.is("restored"), reply.number("handed_out_again")));
    }

    /** See {@link ListenStore#settle}. */
    SettleReply settle(SettleBatch batch) {
        String ready = keys.ready(batch.queue());
        return calls.on(ready, link -> {
            if (!homes.elsewhere(batch.session(), batch.queue(), link.run())) {
                return settle(link, batch);
            }
            // Over this very connection, which knows no other run: ids do not come again in between.
            List<Object> asked = new ArrayList<>(List.of(batch.session()));
            batch.settlements().forEach(one -> asked.add(one.entry()));
            Set<String> others = Set.copyOf(Link.texts(link.run(Script.VERIFY, List.of(ready), asked)));
            SettleReply reply = settle(
                    link,
                    new SettleBatch(
                            batch.queue(),
                            batch.session(),
                            batch.sequence(),
                            batch.settlements().stream()
                                    .map(one -> others.contains(one.entry()) ? REFUSED : one)
                                    .toList()));
            if (reply.repeated()) {
                return reply; // and what it settled then is not pending now
            }
            List<String> refused = new ArrayList<>(others);
            reply.refusedEntries().stream()
                    .filter(entry -> !entry.equals(REFUSED.entry()))
                    .forEach(refused::add);
            return new SettleReply(reply.refused(), refused, false, reply.nextDue());
        });
    }

    private SettleReply settle(Link link, SettleBatch batch) {
        Address queue = batch.queue();
        List<String> scriptKeys = new ArrayList<>(
                List.of(keys.ready(queue), keys.stats(queue), keys.sessions(queue), keys.settled(queue)));
        List<Object> args = new ArrayList<>(8 + batch.settlements().size());
        args.add(batch.session());
        args.add(batch.sequence());
        args.add(TRIM_AT);
        args.add(DELETE_AT);
        List<List<Object>> done =
                Stream.<List<Object>>generate(ArrayList::new).limit(4).toList();
        List<Object> others = new ArrayList<>(0);
        for (Settlement settlement : batch.settlements()) {
            switch (settlement) {
                case Settlement.Done finished ->
                    done.get((finished.foreign() ? 1 : 0) + (finished.large() ? 2 : 0))
                            .add(finished.entry());
                case Settlement.Again(String entry, long delay, String failure) ->
                    others.addAll(
                            failure == null
                                    ? List.of("again", entry, 0, delay, "")
                                    : List.of("again", entry, 1, delay, failure));
                case Settlement.Bury(String entry, String reason, boolean burnt) ->
                    others.addAll(List.of("bury", entry, burnt ? 1 : 0, 0, reason));
                case Settlement.Lost(String entry, int most) -> others.addAll(List.of("lost", entry, 0, 0, most));
            }
        }
        done.forEach(entries -> args.add(entries.size()));
        done.forEach(args::addAll);
        args.addAll(others);
        if (!others.isEmpty()) {
            scriptKeys.addAll(List.of(keys.later(queue), keys.held(queue), keys.dead(queue)));
        }
        Reply reply = new Reply(Script.SETTLE, link.run(Script.SETTLE, scriptKeys, args));
        return new SettleReply(
                reply.count("refused"),
                reply.texts("refused_entries"),
                reply.text("outcome").equals("repeated"),
                nextDue(reply));
    }

    private static NextDue nextDue(Reply reply) {
        long millis = reply.number("due_in");
        return millis >= 0 ? new NextDue.In(millis) : millis == -1 ? NextDue.NONE : NextDue.UNKNOWN;
    }

    /** See {@link ListenStore#sweep}. */
    List<Answer<Sweep>> sweep(List<Beat> beats, Duration lease) {
        List<Answer<Ran>> replies = calls.runAllForLease(beats.stream()
                .map(beat -> new Job(
                        Script.SWEEP,
                        List.of(
                                keys.sessions(beat.queue()),
                                keys.ready(beat.queue()),
                                keys.stats(beat.queue()),
                                keys.later(beat.queue())),
                        List.of(beat.session(), lease.toMillis(), beat.cursor())))
                .toList());
        List<Answer<Sweep>> sweeps = new ArrayList<>();
        for (int i = 0; i < beats.size(); i++) {
            Beat beat = beats.get(i);
            sweeps.add(replies.get(i)
                    .map(ran -> sweep(ran.reply(), homes.elsewhere(beat.session(), beat.queue(), ran.run()))));
        }
        return sweeps;
    }

    /** A session that was opened on another run claims no more, and another follows; it keeps its lease while it runs dry. */
    private static Sweep sweep(Reply reply, boolean elsewhere) {
        String newerLayout = reply.text("newer_layout");
        return new Sweep(
                reply.is("alive") && !elsewhere,
                reply.texts("lapsed"),
                reply.texts("held"),
                reply.text("cursor"),
                nextDue(reply),
                reply.is("group_missing"),
                newerLayout.isEmpty() ? null : newerLayout);
    }

    /** See {@link ListenStore#takeOver}. All together take little longer than one, since Redis runs them in a row. */
    List<Answer<Takeover>> takeOver(List<Seat> seats, TakeoverMode mode) {
        String what = switch (mode) {
            case LAPSED -> "the session's lease lapsed: its process died, hung, or lost its connection";
            case CLOSED -> "the listener was closed before the handler ended";
        };
        int messages = Math.clamp(MESSAGES_IN_A_ROW / Math.max(1, seats.size()), 1, STEP_MESSAGES);
        int bytes = Math.clamp(BYTES_IN_A_ROW / Math.max(1, seats.size()), 1, STEP_BYTES);
        List<Answer<Ran>> replies = calls.runAllForLease(seats.stream()
                .map(seat -> new Job(
                        Script.TAKEOVER,
                        List.of(
                                keys.ready(seat.queue()),
                                keys.stats(seat.queue()),
                                keys.sessions(seat.queue()),
                                keys.settled(seat.queue())),
                        List.of(seat.session(), mode.name().toLowerCase(Locale.ROOT), messages, bytes, what)))
                .toList());
        List<Answer<Takeover>> steps = each(replies, reply -> new Takeover(reply.count("moved"), reply.is("more")));
        for (int i = 0; i < steps.size(); i++) {
            if (mode == TakeoverMode.CLOSED
                    && steps.get(i) instanceof Answer.Given<Takeover>(Takeover step)
                    && !step.more()) {
                homes.ended(seats.get(i).session(), seats.get(i).queue());
            }
        }
        return steps;
    }

    /** See {@link ListenStore#promote}. */
    List<Answer<Promotion>> promote(List<Address> queues) {
        int messages = Math.clamp(MESSAGES_IN_A_ROW / Math.max(1, queues.size()), 1, STEP_MESSAGES);
        int bytes = Math.clamp(BYTES_IN_A_ROW / Math.max(1, queues.size()), 1, STEP_BYTES);
        List<Answer<Ran>> replies = calls.runAll(queues.stream()
                .map(queue -> promotion(queue, messages, bytes, false))
                .toList());
        return Answer.each(IntStream.range(0, queues.size()).boxed().toList(), i -> {
            Reply reply = replies.get(i).get().reply();
            int moved = reply.count("moved");
            if (reply.is("needs_dead")) {
                Job again = promotion(queues.get(i), messages, bytes, true);
                reply = calls.ask(again.script(), again.keys(), again.args());
                moved += reply.count("moved");
            }
            return new Promotion(moved, nextDue(reply));
        });
    }

    /** Seldom with the key of dead letters: one that is declared and not there stops it in a slot that moves. */
    private Job promotion(Address queue, int messages, int bytes, boolean withDead) {
        List<String> scriptKeys =
                new ArrayList<>(List.of(keys.later(queue), keys.held(queue), keys.ready(queue), keys.stats(queue)));
        if (withDead) {
            scriptKeys.add(keys.dead(queue));
        }
        return new Job(Script.PROMOTE, scriptKeys, List.of(messages, bytes));
    }

    private static <R> List<Answer<R>> each(List<Answer<Ran>> replies, Function<Reply, R> read) {
        return replies.stream()
                .map(ran -> ran.<R>map(it -> read.apply(it.reply())))
                .toList();
    }
}
