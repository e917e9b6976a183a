package dev.hark;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes events on to the observer, whose own failures must not reach the engine. */
record Telling(Observer observer) implements Consumer<Event> {

    private static final Logger LOG = LoggerFactory.getLogger(Hark.class);

    @Override
    public void accept(Event event) {
        try {
            observer.on(event);
        } catch (RuntimeException | Error e) {
            LOG.error("the observer failed on {}", event, e);
        }
    }
}
