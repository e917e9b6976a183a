package dev.hark.internal.engine.model;

import java.util.Locale;

/** Where a message can be. */
enum Place {
    UNPUBLISHED,
    WAITING,
    IN_FLIGHT,
    LATER,
    DEAD,
    DONE,
    GONE;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
