package dev.hark.internal.engine.model;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of the store, ready to be made.
 *
 * @param text how it is told
 * @param needs the keys that must be of the right type
 * @param run makes it
 * @param check lets the model do the same, and compares the replies; the reply is null if there was no group
 */
record Call(String text, Set<String> needs, Supplier<Object> run, Consumer<@Nullable Object> check) {

    static void same(Object expected, @Nullable Object reply) {
        if (!expected.equals(reply)) {
            throw new AssertionError("reply: expected " + expected + "\n    but was " + reply);
        }
    }
}
