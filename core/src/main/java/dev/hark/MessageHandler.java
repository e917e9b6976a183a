package dev.hark;

/**
 * Handles one message and says what becomes of it. Throwing means a retry by the listener's {@link RetryPolicy}.
 *
 * @param <T> the body's type
 */
@FunctionalInterface
public interface MessageHandler<T> {

    /**
     * Handles one message.
     *
     * @param message the message, its attempt already counted
     * @return what becomes of it, never null
     * @throws Exception anything: the attempt failed
     */
    Outcome handle(Message<T> message) throws Exception;
}
