package dev.hark;

import dev.hark.event.Event;
import dev.hark.event.Observer;
import dev.hark.internal.engine.Log;
import dev.hark.internal.engine.Thrown;

/** What a Hark does with events unless it is given an observer: it logs them. Bodies are never logged. */
final class LoggingObserver implements Observer {

    private static final Log LOG = Log.of(Hark.class);

    @Override
    public void on(Event event) {
        switch (event) {
            case Event.Failed e
            when e.next() instanceof Outcome.Dead(String reason) ->
                LOG.warn(
                        "queue {}: message {} failed in attempt {} and went to the dead letters: {}",
                        e.queue(),
                        e.id(),
                        e.attempt(),
                        reason,
                        e.error());
            case Event.Failed e ->
                LOG.info("queue {}: message {} failed in attempt {}: {}", e.queue(), e.id(), e.attempt(), e.next());
            case Event.LateResult e ->
                LOG.warn(
                        "queue {}: the handler of message {} ended {} after attempt {} began and was timed out; its result is"
                                + " ignored",
                        e.queue(),
                        e.id(),
                        e.after(),
                        e.attempt());
            case Event.HandlersStalled e ->
                LOG.error(
                        "queues {}: handlers stand still, {} go on though their time is up; {} messages that had not begun"
                                + " were given back, and nothing more is claimed until handlers begin again. For handlers"
                                + " that compute for long, set platformThreads(true) or a lower concurrency",
                        e.queues(),
                        e.overdue(),
                        e.givenBack());
            case Event.HandlersGoOn e ->
                LOG.info("queues {}: handlers begin again after {}, claiming goes on", e.queues(), e.after());
            case Event.Fenced e ->
                LOG.warn(
                        "queue {}: {} outcomes were fenced off, since others hold the messages now: {}",
                        e.queue(),
                        e.count(),
                        e.ids());
            case Event.Recovered e ->
                LOG.info("queue {}: {} messages of session {} were handed over", e.queue(), e.count(), e.session());
            case Event.ClaimReplyLost e ->
                LOG.warn(
                        "queue {}: the claim's reply that brought entry {} was lost; its message is handed out again, which"
                                + " counts as a failed attempt if this was so the last time already",
                        e.queue(),
                        e.entry());
            case Event.SessionLost e ->
                LOG.warn("queue {}: lost session {}, going on as {}", e.queue(), e.session(), e.successor());
            case Event.Parked e -> LOG.warn("queue {}: put off message {}: {}", e.queue(), e.id(), e.reason());
            case Event.GroupRestored e ->
                LOG.warn(
                        "queue {}: its group was missing and was made again; {} settled messages are handed out again",
                        e.queue(),
                        e.handedOutAgain());
            case Event.RolledBack e ->
                LOG.error(
                        "queue {}: Redis has lost what sender {} published in batches {} to {}",
                        e.queue(),
                        e.sender(),
                        e.lastKept() + 1,
                        e.lastAcknowledged());
            case Event.SettingsDiffered e
            when e.stay() ->
                LOG.warn(
                        "queue {}: an operator has set {}, which stays; this program asks for {}",
                        e.queue(),
                        e.stored(),
                        e.asked());
            case Event.SettingsDiffered e ->
                LOG.warn("queue {}: its settings were {} and are {} now", e.queue(), e.stored(), e.asked());
            case Event.SenderCloned e ->
                LOG.warn("queue {}: somebody else publishes as sender {}; taking another id", e.queue(), e.sender());
            case Event.ConnectionLost e ->
                LOG.warn("{}: lost the connection, trying again: {}", e.use(), Thrown.message(e.cause()));
            case Event.ConnectionRegained e -> LOG.info("{}: connected again after {}", e.use(), e.after());
            case Event.PoolExhausted e ->
                LOG.warn(
                        "server {}: all {} connections for {} are in use, and what needs one waits; is the server slow, does it"
                                + " lack replicas, or is so much done at once?",
                        e.server(),
                        e.connections(),
                        e.purpose());
            case Event.ChannelHandlerFailed e -> LOG.error("channel {}: the handler failed", e.channel(), e.error());
            case Event.Trouble e -> LOG.error("{}: {}", e.what(), Thrown.message(e.cause()), e.cause());
        }
    }
}
