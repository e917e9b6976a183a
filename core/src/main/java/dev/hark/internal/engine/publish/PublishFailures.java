package dev.hark.internal.engine.publish;

import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.error.ClosedException;
import dev.hark.error.HarkException;
import dev.hark.error.NewerLayoutException;
import dev.hark.error.NotPublishedException;
import dev.hark.error.PublishUnknownException;
import dev.hark.error.QueueFullException;
import dev.hark.error.WrongTypeException;
import dev.hark.internal.engine.StoreException;

/** What those are told whose messages were not published to a queue, or may not have been. */
record PublishFailures(String queue) {

    ClosedException closedBefore() {
        return new ClosedException("queue " + queue + ": not published, since the Hark was closed before");
    }

    NotPublishedException leftBehind() {
        return new NotPublishedException("queue " + queue
                + ": not published before the Hark was closed: Redis could not be reached, or the queue was full");
    }

    QueueFullException full(QueueSettings settings, boolean closed) {
        String waited = closed
                ? ", and the Hark was closed"
                : ", and none left for " + Sender.RESOLVE_WITHIN.toSeconds() + " s";
        return new QueueFullException("queue " + queue + ": not published, since it holds as many messages as it may: "
                + settings.maxLength() + (settings.overflow() == Overflow.BLOCK ? waited : "")
                + ". Publishing again makes no duplicate.");
    }

    HarkException notPublished(StoreException e) {
        String what = "queue " + queue + ": not published: " + e.getMessage();
        return switch (e.kind()) {
            case WRONG_TYPE -> new WrongTypeException(what, e);
            case NEWER_LAYOUT -> new NewerLayoutException(what, e);
            case NOT_NOW, UNKNOWN, NEVER ->
                new NotPublishedException(what + ". Publishing again makes no duplicate.", e);
        };
    }

    PublishUnknownException unknown(Throwable e) {
        return new PublishUnknownException(
                "queue " + queue + ": it is unknown whether the message was published: " + e.getMessage()
                        + ". Publishing again may make a duplicate.",
                e);
    }
}
