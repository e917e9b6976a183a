package dev.hark.event;

/** Hears what happens inside a Hark. Called on Hark's own threads, so it must be quick; what it throws is logged. */
@FunctionalInterface
public interface Observer {

    /** Takes one event. */
    void on(Event event);
}
