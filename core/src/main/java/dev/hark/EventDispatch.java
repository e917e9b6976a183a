package dev.hark;

import dev.hark.event.Event;
import dev.hark.event.Observer;
import dev.hark.internal.engine.Log;
import dev.hark.internal.engine.Thrown;
import java.util.function.Consumer;

/**
 * Passes events on to the observer, whose own failures must not reach the engine. Errors of users' code that would not
 * answer when they are logged are replaced by what says so.
 */
record EventDispatch(Observer observer) implements Consumer<Event> {

    private static final Log LOG = Log.of(Hark.class);

    @Override
    public void accept(Event event) {
        try {
            observer.on(tellable(event));
        } catch (Throwable e) { // an observer may throw what it need not declare
            complain(event, e);
        }
    }

    private static Event tellable(Event event) {
        return switch (event) {
            case Event.Failed(String queue, String id, int attempt, Outcome next, Throwable error)
            when error != null -> new Event.Failed(queue, id, attempt, next, Thrown.tellable(error));
            case Event.ChannelHandlerFailed(String channel, Throwable error) ->
                new Event.ChannelHandlerFailed(channel, Thrown.tellable(error));
            case Event.ConnectionLost(String use, Throwable cause) ->
                new Event.ConnectionLost(use, Thrown.tellable(cause));
            case Event.Trouble(String what, Throwable cause) -> new Event.Trouble(what, Thrown.tellable(cause));
            default -> event;
        };
    }

    private static void complain(Event event, Throwable e) {
        try {
            LOG.error("the observer failed on {}", event, Thrown.tellable(e));
        } catch (Throwable worse) {
            // what logs has failed as well: nobody is left to be told
        }
    }
}
