package dev.hark.internal.engine.model;

import dev.hark.internal.engine.model.Model.Entry;
import java.util.Collection;
import java.util.List;

/** What is done to dead letters. */
final class DeadLetters {

    private final Model model;

    DeadLetters(Model model) {
        this.model = model;
    }

    int revive(Collection<String> positions) {
        int revived = 0;
        for (String position : positions) {
            for (Entry grave : List.copyOf(model.dead)) {
                if (position.equals(grave.id)) {
                    model.dead.remove(grave);
                    model.move(grave.message, Move.REVIVE);
                    model.add(grave.message);
                    revived++;
                }
            }
        }
        return revived;
    }

    int discard(Collection<String> positions) {
        int discarded = 0;
        for (Entry grave : List.copyOf(model.dead)) {
            if (positions.contains(String.valueOf(grave.id))) {
                model.dead.remove(grave);
                model.move(grave.message, Move.DISCARD);
                discarded++;
            }
        }
        return discarded;
    }
}
