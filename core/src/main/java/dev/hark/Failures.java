package dev.hark;

import dev.hark.internal.engine.StoreException;
import java.util.function.Supplier;

/** Turns what the store throws into what users see. */
final class Failures {

    private Failures() {}

    static HarkException of(String what, StoreException e) {
        String message = what + ": " + e.getMessage();
        return switch (e.kind()) {
            case WRONG_TYPE -> new WrongTypeException(message, e);
            case NEWER_LAYOUT -> new NewerLayoutException(message, e);
            case NOT_NOW, UNKNOWN, NEVER -> new UnavailableException(message, e);
        };
    }

    static <R> R during(String what, Supplier<R> work) {
        try {
            return work.get();
        } catch (StoreException e) {
            throw of(what, e);
        }
    }
}
