package dev.hark.admin;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that {@link Inspector#diagnose} came upon.
 *
 * @param id names the kind of finding: lower case with hyphens, such as {@code eviction}
 * @param severity how bad it is
 * @param queue the queue that it is about, or null if it is about a server
 * @param what what was found, and what it means
 * @param todo what to do about it
 * @param repair what {@link Inspector#repair} would do about it, or null if it can do nothing
 */
public record Finding(
        String id,
        Severity severity,
        @Nullable String queue,
        String what,
        String todo,
        @Nullable String repair) {

    /** Checks the values. */
    public Finding {
        Objects.requireNonNull(id);
        Objects.requireNonNull(severity);
        Objects.requireNonNull(what);
        Objects.requireNonNull(todo);
    }

    /** Whether {@link Inspector#repair} can do something about it. */
    public boolean repairable() {
        return repair != null;
    }
}
