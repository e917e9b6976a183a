package dev.hark;

/**
 * Handles the body of one message. Returning settles the message as done; throwing means a retry by the listener's
 * {@link RetryPolicy}. Called on a virtual thread, concurrently for different messages.
 *
 * @param <T> the body's type
 */
@FunctionalInterface
public interface Handler<T> {

    /**
     * Handles one body.
     *
     * @param body the decoded body
     * @throws Exception anything: the attempt failed
     */
    void handle(T body) throws Exception;
}
