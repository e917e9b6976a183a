package dev.hark.internal.memory;

import dev.hark.internal.engine.Envelope;
import dev.hark.internal.engine.Store.Content;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        String hark = fields.getOrDefault("hark", "1");
        Matcher known = Envelopes.FORM.matcher(hark);
        if (!hark.equals("1") && !known.matches()) {
            return new Newer(hark.startsWith("1 ") ? hark : hark.split(" ", 2)[0], fields);
        }
        String body = fields.get("body");
        if (body == null) {
            return new Malformed(fields);
        }
        boolean foreign = !fields.containsKey("hark");
        boolean fresh = hark.equals("1");
        return new Message(new Envelope(
                fresh ? entry.toString() : known.group(1),
                fresh ? entry.millis() : Long.parseLong(known.group(2)),
                fresh ? 0 : Integer.parseInt(known.group(3)),
                fresh ? 0 : Integer.parseInt(known.group(4)),
                fields.getOrDefault("meta", ""),
                foreign ? "" : fields.getOrDefault("log", ""),
                body.getBytes(StandardCharsets.UTF_8),
                foreign));
    }

    /** What a session is told of it. */
    default Content content() {
        return switch (this) {
            case Message(Envelope envelope) -> new Content.Legible(envelope);
            case Malformed(Map<String, String> fields) ->
                new Content.Illegible("the entry has no field 'body'; its fields are " + fields.keySet());
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
        int attempts = e.attempts() + 1;
        String log = Envelopes.note(e.log(), nowMillis + " " + attempts + " " + session + " " + what);
        return Envelopes.with(e, attempts, e.recoveries() + (recovered ? 1 : 0), log);
    }

    /** Its attempts forgotten, its ledger kept. */
    default Payload revived() {
        return this instanceof Message(Envelope e) ? Envelopes.with(e, 0, 0, e.log()) : this;
    }

    /** As a dead letter: what has no body gets its fields for one. */
    default Payload buriable(EntryId entry) {
        return this instanceof Malformed(Map<String, String> fields)
                ? new Message(new Envelope(
                        entry.toString(), entry.millis(), 0, 0, "", "", Envelopes.JSON.writeValueAsBytes(fields), true))
                : this;
    }

    /** Its message's id, where it has one. */
    default String id(EntryId entry) {
        return this instanceof Message(Envelope envelope) ? envelope.id() : entry.toString();
    }

    /** About how large it is. */
    default int bytes() {
        return this instanceof Message(Envelope envelope) ? envelope.body().length : 0;
    }

    /** How envelopes are read and changed. */
    final class Envelopes {

        private static final Pattern FORM = Pattern.compile("1 (\\S+) (\\d{1,15}) (\\d{1,9}) (\\d{1,9})( .*)?");
        private static final int LOG_BYTES = 8192;
        private static final JsonMapper JSON = new JsonMapper();

        private Envelopes() {}

        private static Message with(Envelope e, int attempts, int recoveries, String log) {
            String meta = e.meta().replace('\n', ' '); // one line, as in an entry; in JSON this is the same
            return new Message(
                    new Envelope(e.id(), e.publishedAtMillis(), attempts, recoveries, meta, log, e.body(), false));
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
