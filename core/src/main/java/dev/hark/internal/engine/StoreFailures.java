package dev.hark.internal.engine;

import dev.hark.error.HarkException;
import dev.hark.error.NewerLayoutException;
import dev.hark.error.UnavailableException;
import dev.hark.error.WrongTypeException;
import java.util.function.Supplier;

/** Turns what the store throws into what users see. */
public final class StoreFailures {

    private StoreFailures() {}

    public static HarkException of(String what, StoreException e) {
        String message = what + ": " + e.getMessage();
        return switch (e.kind()) {
            case WRONG_TYPE -> new WrongTypeException(message, e);
            case NEWER_LAYOUT -> new NewerLayoutException(message, e);
            case NOT_NOW, UNKNOWN, NEVER -> new UnavailableException(message, e);
        };
    }

    /** Does the work; {@code what} begins the message if it fails, as in "queue mail: cannot read its figures". */
    public static <R> R during(String what, Supplier<R> work) {
        try {
            return work.get();
        } catch (StoreException e) {
            throw of(what, e);
        }
    }
}
