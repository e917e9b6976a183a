package dev.hark.internal.engine.message;

/**
 * A message as it is kept.
 *
 * @param id the message's id
 * @param publishedAtMillis when it was accepted
 * @param attempts attempts burnt so far
 * @param recoveries how many of those ended with their session
 * @param meta type, key and headers, as {@link Meta} writes them; empty for none
 * @param log the attempt ledger, as {@link Ledger} reads it; empty for none
 * @param body its bytes
 * @param foreign whether another program wrote it without an envelope
 */
public record Envelope(
        String id,
        long publishedAtMillis,
        int attempts,
        int recoveries,
        String meta,
        String log,
        byte[] body,
        boolean foreign) {}
