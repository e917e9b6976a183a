package dev.hark.cli.listen;

import dev.hark.Message;
import dev.hark.MessageHandler;
import dev.hark.Outcome;
import dev.hark.cli.term.Notes;
import dev.hark.cli.term.Times;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the messages that a handler has, and those that were taken from it when the listener closed. */
final class AtWork implements MessageHandler<byte[]> {

    private final MessageHandler<byte[]> handler;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();

    AtWork(MessageHandler<byte[]> handler) {
        this.handler = handler;
    }

    @Override
    public Outcome handle(Message<byte[]> message) throws Exception {
        running.incrementAndGet();
        try {
            return handler.handle(message);
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
        } finally {
            running.decrementAndGet();
        }
    }

    /** Nothing where nobody has to wait. */
    void sayThatItMayEnd(Duration within, Notes notes) {
        int count = running.get();
        if (count > 0) {
            notes.say("ending: " + messages(count) + " in work may be finished, for " + Times.show(within)
                    + " at most; a second Ctrl-C or SIGTERM ends at once");
        }
    }

    void sayWhatWasGivenBack(Notes notes) {
        int count = interrupted.get() + running.get();
        if (count > 0) {
            notes.say("gave back " + messages(count));
        }
    }

    private static String messages(int count) {
        return count + (count == 1 ? " message" : " messages");
    }
}
