package dev.hark.cli.connect;

import dev.hark.Outcome;
import dev.hark.cli.term.Notes;
import dev.hark.cli.term.Times;
import dev.hark.event.Event;
import dev.hark.event.Observer;

/** Tells the user of what happens behind the command. */
public final class Notices implements Observer {

    private final Notes notes;
    private final Scope scope;
    private final Outage outage;

    /** What the command is about. */
    public enum Scope {
        QUEUES,

        /** What nobody hears is gone, so a gap matters. */
        CHANNELS,

        /** FailureReport of messages are wanted, and would only clutter. */
        CONNECTION
    }

    public Notices(Notes notes, Scope scope) {
        this.notes = notes;
        this.scope = scope;
        this.outage = new Outage(notes);
    }

    @Override
    public void on(Event event) {
        switch (event) {
            case Event.Failed e when scope == Scope.CONNECTION -> notes.detail(failed(e));
            case Event.Failed e -> notes.say(failed(e));
            case Event.LateResult e ->
                notes.say(e.queue() + " " + e.id() + ": the handler of attempt " + e.attempt() + " ended after "
                        + e.after() + ", long after its timeout; its result is ignored");
            case Event.HandlersStalled e ->
                notes.say(String.join(", ", e.queues()) + ": handlers stand still, " + e.overdue()
                        + " of them beyond their timeout; nothing more is claimed until they go on");
            case Event.HandlersGoOn e ->
                notes.say(String.join(", ", e.queues()) + ": handlers begin again after " + Times.show(e.after()));
            case Event.Fenced e ->
                notes.say("fenced: " + e.count() + " outcome" + (e.count() == 1 ? "" : "s") + " of " + e.queue()
                        + " came too late and " + (e.count() == 1 ? "was" : "were") + " refused"
                        + (e.ids().isEmpty() ? "" : " (" + ids(e) + ")") + "; another listener has "
                        + (e.count() == 1 ? "the message" : "the messages") + " now");
            case Event.Recovered e ->
                notes.detail(e.queue() + ": took over " + e.count() + " from session " + e.session());
            case Event.ClaimReplyLost e ->
                notes.say(e.queue() + " " + e.entry()
                        + ": the reply to its claim was lost; it is handed out again, or dead once its attempts are used up: hark dead list "
                        + e.queue());
            case Event.SessionLost e ->
                notes.say(e.queue() + ": the lease of session " + e.session()
                        + " ran out, others took over its messages; going on as " + e.successor());
            case Event.Parked e -> notes.say(e.queue() + " " + e.id() + ": put off: " + e.reason());
            case Event.GroupRestored e ->
                notes.say(e.queue() + ": its consumer group was gone and was made again; handing out "
                        + e.handedOutAgain() + " again");
            case Event.RolledBack e ->
                notes.say(e.queue() + ": Redis lost what it had accepted, batches " + (e.lastKept() + 1) + " to "
                        + e.lastAcknowledged() + " of sender " + e.sender());
            case Event.SettingsDiffered e ->
                notes.say(e.queue() + ": asked for " + e.asked() + " where "
                        + (e.stay()
                                ? "an operator has set " + e.stored() + ", which stays"
                                : "there was " + e.stored()));
            case Event.SenderCloned e ->
                notes.say(e.queue() + ": another process publishes as " + e.sender() + "; taking a new identity");
            case Event.ConnectionLost e
            when scope == Scope.CHANNELS ->
                notes.say("connection lost (" + e.use() + "): " + e.cause().getMessage() + "; trying again");
            case Event.ConnectionLost e -> outage.on(e);
            case Event.ConnectionRegained e
            when scope == Scope.CHANNELS ->
                notes.say("connection regained (" + e.use() + ") after " + Times.show(e.after())
                        + "; what was published in between was not heard");
            case Event.ConnectionRegained e -> outage.on(e);
            case Event.PoolExhausted e ->
                notes.say("all " + e.connections() + " connections to " + e.server() + " for " + e.purpose()
                        + " are in use; what needs one waits");
            case Event.ChannelHandlerFailed e -> {
                notes.detail("channel " + e.channel() + ": " + e.error());
                notes.trace(e.error());
            }
            case Event.Trouble e -> {
                notes.say(e.what() + ": " + e.cause().getMessage());
                notes.trace(e.cause());
            }
        }
    }

    private static String ids(Event.Fenced event) {
        return String.join(", ", event.ids());
    }

    private static String failed(Event.Failed event) {
        String what = event.queue() + " " + event.id() + ": attempt " + event.attempt() + " failed: ";
        return switch (event.next()) {
            case Outcome.Retry retry -> what + retry.reason() + "; next try in " + Times.show(retry.after());
            case Outcome.Dead dead ->
                what + dead.reason() + "; it is dead now: hark dead show " + event.queue() + " " + event.id();
            case Outcome.Snooze snooze -> what + "put off for " + Times.show(snooze.after());
            case Outcome.Done done -> what + "done nevertheless";
        };
    }
}
