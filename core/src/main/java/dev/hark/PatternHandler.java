package dev.hark;

import dev.hark.event.Observer;

/**
 * Handles what arrives on the channels that match a pattern.
 *
 * @param <T> the body's type
 */
@FunctionalInterface
public interface PatternHandler<T> {

    /**
     * Handles one body.
     *
     * @param channel the channel that it was published to
     * @param body the decoded body
     * @throws Exception anything: reported to the {@link Observer}, and the subscription goes on
     */
    void handle(String channel, T body) throws Exception;
}
