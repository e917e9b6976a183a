package dev.hark.internal.engine;

import org.jspecify.annotations.Nullable;

/** A transition did not happen, or may have. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is known of the transition, and whether to try again. */
    public enum Kind {
        /** Certainly not done, may go well later by itself: not connected, loading, read-only. */
        NOT_NOW,
        /** The reply was lost: it may have happened. Safe to repeat, since transitions are. */
        UNKNOWN,
        /** Certainly not done, and the same again would fail until somebody acts: no permission, out of memory. */
        NEVER,
        /** Certainly not done: a key holds another type of value. */
        WRONG_TYPE,
        /** Certainly not done: a newer program has raised the queue to a layout that this one does not know. */
        NEWER_LAYOUT
    }

    private final Kind kind;

    /** Creates the exception. */
    public StoreException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What is known. */
    public Kind kind() {
        return kind;
    }

    /** Whether the same call may go well later. */
    public boolean transientFailure() {
        return kind == Kind.NOT_NOW || kind == Kind.UNKNOWN;
    }
}
