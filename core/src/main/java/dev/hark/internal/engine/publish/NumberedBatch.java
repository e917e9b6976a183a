package dev.hark.internal.engine.publish;

import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.error.HarkException;
import dev.hark.event.Event;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.PublishStore.PublishReply.Accepted;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.engine.batch.GroupCommit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages that travel together, under the next number of their sender. A batch of which it is not known what became is sent
 * again as it was; what there was no room for goes under the number after.
 */
final class NumberedBatch implements GroupCommit.Batch {

    private enum Next {
        DONE,
        AT_ONCE,
        LATER
    }

    private final List<Pending> items;
    private final Sender sender;
    private final Consumer<Runnable> telling;
    private final Env env;
    private final PublishFailures failures;

    private @Nullable Batch batch; // frozen when it is first tried
    private boolean maybeSent; // an earlier try may have been applied
    private final List<AcceptedBatch> accepted = new ArrayList<>(1); // those that are published: the first ones
    private int published; // how many are in those
    private int given; // these, and those after them that were given up while the others are tried on
    private @Nullable HarkException failure; // of the others

    /**
     * Freezes nothing yet.
     *
     * @param telling runs what tells waiters, on another thread
     */
    NumberedBatch(List<Pending> items, Sender sender, PublishFailures failures, Consumer<Runnable> telling, Env env) {
        this.items = items;
        this.sender = sender;
        this.telling = telling;
        this.env = env;
        this.failures = failures;
        sender.begin();
    }

    /** Numbers what is not yet published, or as much of it as there is room for. */
    private Batch number(int most) {
        List<Publication> messages = new ArrayList<>(items.size() - published);
        for (int i = published; i < items.size() && messages.size() < most; i++) {
            messages.add(items.get(i).publication());
        }
        return sender.number(messages);
    }

    @Override
    public boolean attempt(Runnable meanwhile) {
        Next next = attemptOnce(meanwhile);
        while (next == Next.AT_ONCE) {
            next = attemptOnce(() -> {});
        }
        return next == Next.DONE;
    }

    private Next attemptOnce(Runnable meanwhile) {
        if (published == items.size()) {
            return Next.DONE; // and saying so failed
        }
        StoreException before = sender.trouble();
        if (before != null && !maybeSent && !giveUpLate(failure(before))) {
            return Next.DONE; // its time was over before its turn came
        }
        long begun = env.nanos().getAsLong();
        try {
            if (batch == null) {
                batch = number(Integer.MAX_VALUE);
            }
            return resolve(batch, sender.send(batch, meanwhile));
        } catch (StoreException e) {
            sender.failed(e, begun);
            maybeSent |= e.kind() == Kind.UNKNOWN;
            if (e.transientFailure() && !sender.closed()) {
                if (giveUpLate(failure(e))) {
                    return Next.LATER;
                }
            } else {
                failure = failure(e);
            }
            sender.renew(); // this number may have been used or not
            return Next.DONE;
        } catch (RuntimeException | Error e) {
            maybeSent = true; // first, since what follows may fail as well
            failure = failures.unknown(e);
            sender.renew();
            return Next.DONE;
        }
    }

    /**
     * Tells those whose time is up, or would be after one more try, that they are given up; the others, which came later,
     * are tried on. Says whether there are such. The telling is left to another thread, for this one is to send.
     */
    private boolean giveUpLate(HarkException why) {
        List<Pending> late = new ArrayList<>();
        for (Pending item : items.subList(given, items.size())) {
            if (sender.hasTimeFor(item)) {
                break;
            }
            late.add(item);
        }
        if (!late.isEmpty()) {
            List<Pending> here = items.subList(given, given + late.size());
            telling.accept(
                    () -> late.forEach(item -> item.receipt().completeExceptionally(why))); // first: else nobody does
            if (maybeSent) {
                given += late.size(); // and sent again with the others, since it cannot be taken out
            } else {
                here.clear();
                batch = null;
            }
        }
        return given < items.size();
    }

    /** What was given up while its batch was frozen need not go with the others once it is not. */
    private void dropGivenUp() {
        items.subList(published, given).clear();
        given = published;
    }

    private Next resolve(Batch sent, PublishReply reply) {
        return switch (reply) {
            case Accepted answer -> {
                accepted.add(new AcceptedBatch(sent, answer));
                published += answer.placed().size();
                given = published;
                used(sent);
                sender.accepted();
                yield published == items.size() ? Next.DONE : overflow(sent.settings(), 0);
            }
            case PublishReply.Full(int room) -> {
                used(sent);
                dropGivenUp();
                yield overflow(sent.settings(), room);
            }
            case PublishReply.Gap(long kept) -> {
                if (kept < sender.last()) {
                    env.events().accept(new Event.RolledBack(sender.queue(), sent.sender(), sender.last(), kept));
                }
                yield kept == 0 && maybeSent ? forgotten() : again();
            }
            case PublishReply.Cloned() -> {
                env.events().accept(new Event.SenderCloned(sender.queue(), sent.sender()));
                yield again();
            }
        };
    }

    private void used(Batch sent) {
        sender.used(sent.sequence());
        batch = null; // what is left goes under the next number, whatever fails before it has one
        maybeSent = false;
    }

    /**
     * Redis remembers nothing of the sender: its key has expired, or was deleted, after an earlier try was applied, or
     * that never was.
     */
    private Next forgotten() {
        failure = failures.unknown(new IllegalStateException(
                "the reply was lost, and meanwhile Redis has forgotten what this publisher had sent"));
        sender.renew();
        return Next.DONE;
    }

    /** The batch was not written: it goes under a new identity. */
    private Next again() {
        dropGivenUp();
        sender.renew();
        batch = null;
        return Next.AT_ONCE;
    }

    /** Not all fit into the queue: what does goes at once, the rest waits or is refused. */
    private Next overflow(QueueSettings full, int room) {
        if (room > 0) {
            batch = number(room);
            return Next.AT_ONCE;
        }
        batch = null;
        if (full.maxLength() == 0 || full.overflow() == Overflow.DROP_OLDEST) {
            return Next.AT_ONCE; // the settings have changed in between: there is room for the rest
        }
        failure = failures.full(full, sender.closed());
        if (full.overflow() == Overflow.BLOCK && !sender.closed()) {
            if (!giveUpLate(failure)) {
                return Next.DONE;
            }
            if (Thread.currentThread().isInterrupted()) {
                return Next.LATER; // on another thread
            }
            env.pause(1);
            return sender.closed() ? Next.DONE : Next.AT_ONCE;
        }
        return Next.DONE;
    }

    private HarkException failure(StoreException e) {
        return maybeSent ? failures.unknown(e) : failures.notPublished(e);
    }

    /**
     * Those who wait come first, for nobody else's code hangs on that. What hangs on the others runs elsewhere if the
     * thread may be that of one who waits.
     */
    @Override
    public void tell() {
        tell(true);
        if (items.stream().noneMatch(Pending::here)) {
            tell(false);
        } else if (!items.stream().allMatch(Pending::here)) {
            telling.accept(() -> tell(false));
        }
    }

    private void tell(boolean here) {
        Iterator<Pending> inTurn = items.iterator();
        for (AcceptedBatch batch : accepted) {
            batch.accepted().placed().forEach(one -> {
                Pending item = inTurn.next();
                if (item.here() == here) {
                    batch.tell(one.id(), item.receipt());
                }
            });
        }
        items.subList(given, items.size()).stream()
                .filter(item -> item.here() == here)
                .forEach(item -> item.receipt().completeExceptionally(Objects.requireNonNull(failure)));
    }
}
