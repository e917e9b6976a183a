package dev.hark.internal.memory;

import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.message.Head;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What an entry holds. All but a message keeps the fields that it came with, untouched through every hand-over. */
sealed interface Payload {

    /** A message. */
    record Message(Envelope envelope) implements Payload {}

    /** Something without a body. */
    record Malformed(Map<String, String> fields) implements Payload {}

    /** A message of a newer version. */
    record Newer(String version, Map<String, String> fields) implements Payload {}

    /** Reads the fields that another program wrote. */
    static Payload read(EntryId entry, Map<String, String> fields) {
        Head head = head(fields);
        String body = fields.get("body");
        if (head instanceof Head.Unknown(String version)) {
            return new Newer(version, fields);
        }
        if (head instanceof Head.Malformed || body == null) {
            return new Malformed(fields);
        }
        boolean foreign = !fields.containsKey("hark");
        String meta = fields.getOrDefault("meta", "");
        String log = foreign ? "" : fields.getOrDefault("log", "");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new Message(
                head instanceof Head.Named(String id, long at, int attempts, int recoveries)
                        ? new Envelope(id, at, attempts, recoveries, meta, log, bytes, false)
                        : new Envelope(entry.toString(), entry.millis(), 0, 0, meta, log, bytes, foreign));
    }

    private static Head head(Map<String, String> fields) {
        return Head.read(fields.getOrDefault("hark", "1"));
    }

    /** What a session is told of it. */
    default Content content() {
        return switch (this) {
            case Message(Envelope envelope) -> new Content.Legible(envelope);
            case Malformed(Map<String, String> fields) ->
                new Content.Illegible(
                        head(fields) instanceof Head.Malformed malformed
                                ? malformed.reason()
                                : "the entry has no field 'body'; its fields are " + fields.keySet());
            case Newer(String version, Map<String, String> fields) -> new Content.Unknown(version);
        };
    }

    /** Whether another program wrote it, so that it counts as published only once it is handed over. */
    default boolean foreign() {
        return switch (this) {
            case Message(Envelope envelope) -> envelope.foreign();
            case Malformed(Map<String, String> fields) -> !fields.containsKey("hark");
            case Newer newer -> false;
        };
    }

    /** The same in an envelope of its own, as every hand-over writes it. */
    default Payload adopted() {
        return this instanceof Message(Envelope e) ? Envelopes.with(e, e.attempts(), e.recoveries(), e.log()) : this;
    }

    /** After one more attempt, whose end is noted; {@code recovered} if it ended with its session. */
    default Payload attempted(long nowMillis, String session, String what, boolean recovered) {
        if (!(this instanceof Message(Envelope e))) {
            return this;
        }
        int attempts = Envelopes.up(e.attempts());
        String log = Envelopes.note(e.log(), nowMillis + " " + attempts + " " + session + " " + what);
        return Envelopes.with(e, attempts, recovered ? Envelopes.up(e.recoveries()) : e.recoveries(), log);
    }

    /** After it came in a reply that was lost, which is noted and no attempt. */
    default Payload lost(long nowMillis, String session) {
        return this instanceof Message(Envelope e)
                        && attempted(nowMillis, session, Settlement.Lost.WHAT, false) instanceof Message(Envelope noted)
                ? Envelopes.with(e, e.attempts(), e.recoveries(), noted.log())
                : this;
    }

    /** Whether that is the last that is noted. */
    default boolean lostBefore() {
        return this instanceof Message(Envelope e) && e.log().endsWith(" " + Settlement.Lost.WHAT);
    }

    /** How many attempts are burnt. */
    default int attempts() {
        return this instanceof Message(Envelope e) ? e.attempts() : 0;
    }

    /** Its attempts forgotten, its ledger kept. */
    default Payload revived() {
        return this instanceof Message(Envelope e) ? Envelopes.with(e, 0, 0, e.log()) : this;
    }

    /** As a dead letter: its body as it is, or what has none gets its fields for one. */
    default Payload buriable(EntryId entry) {
        if (!(this instanceof Malformed(Map<String, String> fields))) {
            return this;
        }
        String body = fields.get("body");
        byte[] bytes = body == null ? Envelopes.JSON.writeValueAsBytes(fields) : body.getBytes(StandardCharsets.UTF_8);
        String meta = fields.containsKey("hark") && body != null ? fields.getOrDefault("meta", "") : "";
        String log = fields.containsKey("hark") && body != null ? fields.getOrDefault("log", "") : "";
        return new Message(new Envelope(entry.toString(), entry.millis(), 0, 0, meta, log, bytes, true));
    }

    /** Its message's id, where it has one. */
    default String id(EntryId entry) {
        return this instanceof Message(Envelope envelope) ? envelope.id() : entry.toString();
    }

    /** About how large it is. */
    default int bytes() {
        return switch (this) {
            case Message(Envelope e) ->
                e.body().length + e.log().length() + e.meta().length();
            case Malformed(Map<String, String> fields) -> Envelopes.length(fields);
            case Newer(String version, Map<String, String> fields) -> Envelopes.length(fields);
        };
    }

    /** How envelopes are read and changed. */
    final class Envelopes {

        private static final int MOST_COUNTED = 999_999_999;
        private static final int LOG_BYTES = 8192;
        private static final JsonMapper JSON = new JsonMapper();

        private Envelopes() {}

        private static Message with(Envelope e, int attempts, int recoveries, String log) {
            String meta = e.meta().replace('\n', ' '); // one line, as in an entry; in JSON this is the same
            return new Message(
                    new Envelope(e.id(), e.publishedAtMillis(), attempts, recoveries, meta, log, e.body(), false));
        }

        private static int up(int count) {
            return Math.min(MOST_COUNTED, count + 1);
        }

        private static int length(Map<String, String> fields) {
            return fields.entrySet().stream()
                    .mapToInt(
                            field -> field.getKey().length() + field.getValue().length())
                    .sum();
        }

        /** Adds a line; a ledger that is too long loses its oldest ones. */
        private static String note(String log, String line) {
            String noted = log.isEmpty() ? line : log + "\n" + line;
            while (noted.getBytes(StandardCharsets.UTF_8).length > LOG_BYTES && noted.indexOf('\n') >= 0) {
                noted = noted.substring(noted.indexOf('\n') + 1);
            }
            return noted;
        }
    }
}
