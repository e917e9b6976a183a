package dev.hark.testing;

import dev.hark.event.Event;
import dev.hark.event.Observer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a Hark told. */
public final class Events implements Observer {

    private final List<Event> all = new CopyOnWriteArrayList<>();

    @Override
    public void on(Event event) {
        all.add(event);
    }

    public List<Event> all() {
        return all;
    }

    public <E extends Event> List<E> of(Class<E> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
