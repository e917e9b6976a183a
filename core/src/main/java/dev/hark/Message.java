package dev.hark;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message as its handler sees it.
 *
 * @param id the id that publishing returned; it stays through retries and recovery
 * @param queue the queue that it was taken from
 * @param body the decoded body
 * @param type a free label given at publishing, or null; never a class to load
 * @param key the key given at publishing, or null
 * @param headers given at publishing; unmodifiable, in that order
 * @param attempt which attempt this is, from 1
 * @param publishedAt when Redis accepted it, by Redis's clock
 * @param <T> the body's type
 */
public record Message<T>(
        String id,
        String queue,
        T body,
        @Nullable String type,
        @Nullable String key,
        Map<String, String> headers,
        int attempt,
        Instant publishedAt) {}
