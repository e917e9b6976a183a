package dev.hark.admin;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that was given up.
 *
 * @param id the message's id
 * @param position its place among the queue's dead letters, to page on from
 * @param queue the queue it belongs to
 * @param type its type, or null
 * @param key its key, or null
 * @param headers its headers; unmodifiable
 * @param body its bytes, as they were published
 * @param attempts how often it was tried
 * @param publishedAt when Redis accepted it
 * @param diedAt when it was given up
 * @param reason why
 * @param ledger how each of the last attempts ended, oldest first
 */
public record DeadLetter(
        String id,
        String position,
        String queue,
        @Nullable String type,
        @Nullable String key,
        Map<String, String> headers,
        byte[] body,
        int attempts,
        Instant publishedAt,
        Instant diedAt,
        String reason,
        List<Attempt> ledger) {

    /**
     * How one attempt ended.
     *
     * @param at when, by Redis's clock
     * @param attempt which attempt, from 1
     * @param session who had it
     * @param what the error, or what became of the session
     */
    public record Attempt(Instant at, int attempt, String session, String what) {}
}
