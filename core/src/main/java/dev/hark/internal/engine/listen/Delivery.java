package dev.hark.internal.engine.listen;

import dev.hark.Outcome;
import dev.hark.event.Event;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Exits;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Thrown;
import dev.hark.internal.engine.listen.DeliveryState.Afterwards;
import dev.hark.internal.engine.listen.DeliveryState.Attempt;
import dev.hark.internal.engine.listen.Isolation.Place;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.message.Ledger;
import dev.hark.internal.engine.message.Meta;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way through a handler: count the attempt, read the meta data and the body, handle, settle. The
 * attempt counts before anything is read, so that a message that breaks its reader ends among the dead letters.
 */
final class Delivery implements Runnable {

    private static final Duration PARKED = Duration.ofMinutes(1);
    private static final Duration UNTIL_ALONE = Duration.ofSeconds(5);

    /** What follows when not even what should follow can be found out. */
    private static final Outcome.Retry FALLBACK =
            new Outcome.Retry(Duration.ofSeconds(1), "it failed, and so did finding out what should follow");

    /** Who lends handler slots. */
    interface Slots {
        /** The time of this one's handler is up, and it has not ended: its slot stays taken until it does. */
        void overdue(Delivery delivery);

        /** This one needs its slot no more; told once. */
        void free(Delivery delivery);
    }

    private final Claimed claimed;
    private final HandlerBinding<?> binding;
    private final InFlight inFlight;
    private final Isolation isolation;
    private final BooleanSupplier admits;
    private final Slots slots;
    private final Env env;
    private final long claimedAt;

    private final DeliveryState state = new DeliveryState();

    /**
     * Prepares to deliver.
     *
     * @param admits whether deliveries may still begin
     * @param slots who has lent it the slot that it holds
     */
    Delivery(
            Claimed claimed,
            HandlerBinding<?> binding,
            InFlight inFlight,
            Isolation isolation,
            BooleanSupplier admits,
            Slots slots,
            Env env) {
        this.claimed = claimed;
        this.binding = binding;
        this.inFlight = inFlight;
        this.isolation = isolation;
        this.admits = admits;
        this.slots = slots;
        this.env = env;
        claimedAt = env.nanos().getAsLong();
    }

    @Override
    public void run() {
        try {
            deliver();
        } catch (Throwable e) { // nobody else would settle it
            if (state.begins()) {
                fail(e);
            }
        } finally {
            freeSlot();
        }
    }

    /** Ends the attempt as a failed one, unless its outcome is noted: finding out which, or noting it, has failed. */
    private void fail(Throwable e) {
        try {
            while (!state.over() && !failed()) {
                env.threads().rest(Env.REST);
            }
            env.events()
                    .accept(new Event.Trouble(
                            "delivering entry " + claimed.entry() + " of queue "
                                    + claimed.queue().name()
                                    + "; unless its outcome was noted before, that was a failed attempt",
                            e));
        } catch (Throwable worse) {
            // there is no memory to tell it, or the settler takes nothing more
        }
    }

    /** Says whether that could be noted. */
    private boolean failed() {
        try {
            settle(
                    claimed.content() instanceof Content.Legible(Envelope envelope)
                            ? settlement(last(envelope.attempts() + 1, FALLBACK), envelope)
                            : new Settlement.Again(claimed.entry(), PARKED.toMillis()),
                    claimed.entry());
            return true;
        } catch (OutOfMemoryError e) {
            return false; // there is no memory, for now
        }
    }

    /** Whether it has not begun for so long. */
    boolean waitsFor(Duration time) {
        return state.waitsToBegin() && env.since(claimedAt).compareTo(time) >= 0;
    }

    /** Gives the message back unless it has begun, no attempt burnt; says whether it did. */
    boolean giveBack() {
        Settlement given = given(); // first: who has taken the stage must come to an end
        String id = id();
        if (!state.giveBack()) {
            return false;
        }
        settle(given, id);
        freeSlot();
        return true;
    }

    /** Frees the slot, even if the handler goes on. */
    void freeSlot() {
        if (state.freesSlot()) {
            slots.free(this);
        }
    }

    private void deliver() {
        switch (claimed.content()) {
            case Content.Legible(Envelope envelope) -> begin(envelope);
            case Content.Illegible(String why) -> {
                Settlement buried = new Settlement.Bury(claimed.entry(), Ledger.line(why), true);
                instead(buried, new Event.Failed(binding.queue().name(), claimed.entry(), 1, Outcome.dead(why), null));
            }
            case Content.Unknown(String version) -> {
                String why = "envelope of unknown version '" + version + "', left to a newer listener";
                Settlement parked = new Settlement.Again(claimed.entry(), PARKED.toMillis());
                instead(parked, new Event.Parked(binding.queue().name(), claimed.entry(), why));
            }
        }
    }

    /** The message's, if it is known; else its entry's. */
    private String id() {
        return claimed.content() instanceof Content.Legible(Envelope envelope) ? envelope.id() : claimed.entry();
    }

    /** Settles what no handler is called for. */
    private void instead(Settlement settlement, Event event) {
        if (state.begins()) {
            settle(settlement, id());
            env.events().accept(event);
        }
    }

    private void begin(Envelope envelope) {
        int attempt = envelope.attempts() + 1;
        if (attempt > binding.retry().mostAttempts()) {
            String reason = "its " + envelope.attempts() + " attempts are used up; the last ended with its session";
            Settlement buried = new Settlement.Bury(claimed.entry(), reason, false);
            Outcome dead = Outcome.dead(reason);
            instead(buried, new Event.Failed(binding.queue().name(), envelope.id(), envelope.attempts(), dead, null));
        } else if (!mayBegin()) {
            giveBack();
        } else if (envelope.recoveries() < Isolation.AFTER_RECOVERIES) {
            beginAt(isolation.beside(), envelope, attempt, given());
        } else if (state.begins()) { // it may have to wait until nothing else runs
            beginAt(isolation.alone(env), envelope, attempt, untilAlone());
        }
    }

    private Settlement given() {
        return new Settlement.Again(claimed.entry());
    }

    private Settlement untilAlone() {
        return new Settlement.Again(claimed.entry(), UNTIL_ALONE.toMillis());
    }

    private void beginAt(@Nullable Place place, Envelope envelope, int attempt, Settlement otherwise) {
        if (place == null) {
            if (state.begins()) {
                settle(otherwise, envelope.id());
            }
            return;
        }
        try {
            if (!state.begins()) {
                return;
            }
            if (mayBegin()) { // asked again: the place may have been long in coming
                attempt(envelope, attempt, place);
            } else {
                settle(given(), envelope.id());
            }
        } finally {
            place.leave();
        }
    }

    private boolean mayBegin() {
        return admits.getAsBoolean() && !inFlight.lost();
    }

    private void attempt(Envelope envelope, int attempt, Place place) {
        Outcome outcome;
        Throwable error = null;
        long since = env.nanos().getAsLong();
        if (!state.enter(new Attempt(Thread.currentThread(), envelope, attempt, place, since))) {
            settle(given(), envelope.id());
            return;
        }
        try {
            outcome = handle(envelope, attempt);
        } catch (Throwable e) { // whatever a handler throws is an outcome, even an error
            error = e;
            outcome = decide(attempt, e);
        }
        Afterwards afterwards = state.leave();
        if (afterwards == Afterwards.SETTLE) {
            finish(envelope, attempt, outcome, error);
        } else if (afterwards == Afterwards.TELL_OF_LATE_RESULT) {
            env.events().accept(new Event.LateResult(binding.queue().name(), envelope.id(), attempt, env.since(since)));
        }
    }

    /**
     * Ends the attempt if its handler has run for as long as it may: interrupts it, and settles the attempt as failed.
     * What the handler still does is ignored; the slot is its own until it ends.
     *
     * @return how long until the handler's time is up, at most the timeout
     */
    Duration enforce(Duration timeout) {
        Attempt late = state.inTime();
        if (late == null) {
            return timeout;
        }
        Duration left = timeout.minus(env.since(late.since()));
        if (left.isPositive()) {
            return left;
        }
        TimeoutException error = new TimeoutException(
                "the handler has run for longer than its timeout of " + timeout + ", and was interrupted");
        if (!state.timeOut(late)) { // from here on nobody else settles it
            return timeout;
        }
        try {
            slots.overdue(this);
            finish(late.envelope(), late.number(), decide(late.number(), error), error);
        } catch (Throwable e) { // as in run
            fail(e);
        } finally {
            late.place().leave();
        }
        return timeout;
    }

    /** What follows a failed attempt; what was thrown is the user's, and may not even say what it is. */
    private Outcome decide(int attempt, Throwable error) {
        try {
            return binding.retry().decide(attempt, error, env.random());
        } catch (Throwable e) {
            return FALLBACK;
        }
    }

    private Outcome handle(Envelope envelope, int attempt) throws Exception {
        HandlerBinding.Prepared prepared;
        try {
            prepared = binding.prepare(envelope, Meta.read(envelope.meta()), attempt);
        } catch (Exception e) {
            return Outcome.dead("the body cannot be read: " + Thrown.describe(e));
        }
        return prepared.handle();
    }

    private void finish(Envelope envelope, int attempt, Outcome outcome, @Nullable Throwable error) {
        Outcome next = last(attempt, outcome);
        settle(settlement(next, envelope), envelope.id());
        if (next instanceof Outcome.Retry || next instanceof Outcome.Dead) {
            env.events().accept(new Event.Failed(binding.queue().name(), envelope.id(), attempt, next, error));
        }
    }

    private Outcome last(int attempt, Outcome outcome) {
        return outcome instanceof Outcome.Retry retry
                        && attempt >= binding.retry().maxAttempts()
                ? Outcome.dead(retry.reason())
                : outcome;
    }

    private Settlement settlement(Outcome outcome, Envelope envelope) {
        String entry = claimed.entry();
        return switch (outcome) {
            case Outcome.Done() -> new Settlement.Done(entry, envelope.foreign(), claimed.bytes());
            case Outcome.Retry(Duration after, String reason) ->
                new Settlement.Again(entry, after.toMillis(), Ledger.line(reason));
            case Outcome.Snooze(Duration after) -> new Settlement.Again(entry, after.toMillis());
            case Outcome.Dead(String reason) -> new Settlement.Bury(entry, Ledger.line(reason), true);
        };
    }

    private void settle(Settlement settlement, String id) {
        while (!settled(settlement, id)) {
            env.threads().rest(Env.REST);
        }
    }

    /** Says whether it need not be tried again. */
    private boolean settled(Settlement settlement, String id) {
        try {
            inFlight.settler().settle(settlement, id, claimed.bytes());
        } catch (OutOfMemoryError e) {
            return state.over(); // there is no memory, for now; the outcome stays the one that it was
        }
        state.note();
        return true;
    }

    /** Interrupts the handler, if it runs, and ignores what it does from now on. */
    void abandon() {
        state.abandon();
    }

    /** Waits no longer for a handler that ends the JVM: its message is handed over. */
    void letExit() {
        Thread handling = state.handling();
        if (handling != null && Exits.isIn(handling)) {
            abandon();
            freeSlot();
        }
    }
}
