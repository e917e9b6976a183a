package dev.hark.error;

import dev.hark.Publish;
import dev.hark.Receipt;
import org.jspecify.annotations.Nullable;

/**
 * The message is in Redis, but not as safe as a {@link Publish#strict strict} publisher wants it. It will be handled
 * unless Redis loses it: publishing it again may make a duplicate.
 */
public final class NotDurableException extends HarkException {

    private static final long serialVersionUID = 1L;

    private final Receipt receipt;

    /**
     * Creates the exception.
     *
     * @param message what was reached and what was wanted, of which queue and id, and what happens next
     * @param receipt of the message, with the level that was reached
     * @param cause what led to it, or null
     */
    public NotDurableException(String message, Receipt receipt, @Nullable Throwable cause) {
        super(message, cause);
        this.receipt = receipt;
    }

    /** The receipt that publishing would have returned: the message's id, and the level that was reached. */
    public Receipt receipt() {
        return receipt;
    }
}
