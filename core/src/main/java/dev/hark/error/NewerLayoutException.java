package dev.hark.error;

import org.jspecify.annotations.Nullable;

/**
 * A newer Hark has raised the queue to a layout in Redis that this one does not know, so that this program has to be
 * upgraded. Nothing was written. A listener that runs claims no more of the queue, and settles what it holds.
 */
public final class NewerLayoutException extends HarkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, to which queue and id, and what happens next
     * @param cause what led to it, or null
     */
    public NewerLayoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates the exception without a cause.
     *
     * @param message what happened, to which queue and id, and what happens next
     */
    public NewerLayoutException(String message) {
        this(message, null);
    }
}
