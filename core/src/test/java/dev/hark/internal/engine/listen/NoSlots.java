package dev.hark.internal.engine.listen;

import java.util.ArrayList;
import java.util.List;

/** Slots without number; what is told of them is noted. */
final class NoSlots implements Delivery.Slots {

    final List<Delivery> overdue = new ArrayList<>();
    final List<Delivery> free = new ArrayList<>();

    @Override
    public void overdue(Delivery delivery) {
        overdue.add(delivery);
    }

    @Override
    public void free(Delivery delivery) {
        free.add(delivery);
    }
}
