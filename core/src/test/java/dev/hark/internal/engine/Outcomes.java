package dev.hark.internal.engine;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Named;

/** Every kind of outcome, as parameters of a test that gives them an entry. */
public final class Outcomes {

    private Outcomes() {}

    /** One of each, for an entry that Hark wrote. */
    public static List<Named<Function<String, Settlement>>> ofOwnMessages() {
        return List.of(
                Named.of("done", entry -> new Settlement.Done(entry, false)),
                Named.of("retry at once", entry -> new Settlement.Again(entry, 0, "failed")),
                Named.of("retry later", entry -> new Settlement.Again(entry, 1_000, "failed")),
                Named.of("snooze", entry -> new Settlement.Again(entry, 1_000)),
                Named.of("release", entry -> new Settlement.Again(entry)),
                Named.of("park", entry -> new Settlement.Again(entry, 1_000)),
                Named.of("bury", entry -> new Settlement.Bury(entry, "given up", true)),
                Named.of("bury unburnt", entry -> new Settlement.Bury(entry, "given up", false)),
                Named.of("lost", entry -> new Settlement.Lost(entry, 3)));
    }

    /** One of each that writes the message anew, for an entry of anybody. */
    public static List<Named<Function<String, Settlement>>> handingOver() {
        return ofOwnMessages().subList(1, 9);
    }
}
