package dev.hark.internal.engine.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hark.internal.engine.message.Envelope;

/** Messages as texts, to be compared. */
final class Told {

    private Told() {}

    static String told(Message m) {
        return m.unknown
                ? "unknown"
                : m.malformed
                        ? "illegible"
                        : m.id + " " + m.at + " " + m.attempts + " " + m.recoveries + " " + m.meta + " "
                                + String.join("\n", m.log) + " " + m.body + " " + m.foreign;
    }

    static String told(Envelope e) {
        return e.id() + " " + e.publishedAtMillis() + " " + e.attempts() + " " + e.recoveries() + " " + e.meta() + " "
                + e.log() + " " + text(e.body()) + " " + e.foreign();
    }

    /** A body; fields that were made into one, in their alphabetical order. */
    static String text(byte[] body) {
        return Canonical.text(new String(body, UTF_8));
    }
}
