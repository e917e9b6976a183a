package dev.hark.internal.engine.model;

import dev.hark.internal.engine.Settlement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One message of the model. What it is made of never changes but by {@link Model#move}. */
final class Message {

    /** Stands for the time of a ledger's line until it has been seen. */
    static final String WHEN = "@";

    /** Entries of so many bytes do not wait until they are trimmed. */
    private static final int LARGE = 1_024;

    /** As docs/protocol.md has it. */
    private static final Pattern HEAD = Pattern.compile("1 [!-~]{1,128} [0-9]{1,15} [0-9]{1,9} [0-9]{1,9}");

    Place place = Place.UNPUBLISHED;
    String id = "";
    String at = "";
    int attempts;
    int recoveries;
    String meta = "";
    List<String> log = new ArrayList<>();
    String body = "";

    /** Whether its entry has no field hark. */
    boolean foreign;

    /** Whether its entry says its id: else it is that of the entry. */
    private boolean named;

    boolean malformed;
    boolean unknown;

    /** Whether it is none, but something that another program has put among those that are due later. */
    boolean forged;

    /** Whether its entry is still the first one, without its own id. */
    boolean fresh = true;

    /** As another program wrote it. */
    Map<String, String> written = Map.of();

    String reason = "";

    /** A message that Hark publishes. */
    static Message own(String meta, String body) {
        Message message = new Message();
        message.meta = meta;
        message.body = body;
        return message;
    }

    /** A message of another program. */
    static Message of(String entry, Map<String, String> fields) {
        Message message = new Message();
        message.written = new LinkedHashMap<>(fields);
        message.id = entry;
        message.at = entry.substring(0, entry.indexOf('-'));
        message.meta = fields.getOrDefault("meta", "");
        message.body = fields.getOrDefault("body", "");
        message.malformed = !fields.containsKey("body");
        String hark = fields.get("hark");
        message.foreign = hark == null;
        if (hark != null) {
            List<String> lines = List.of(hark.split("\n", -1));
            String[] word = lines.get(0).split(" ");
            message.meta = lines.size() > 1 ? lines.get(1) : "";
            message.log = new ArrayList<>(lines.subList(Math.min(2, lines.size()), lines.size()));
            if (HEAD.matcher(lines.get(0)).matches()) {
                message.fresh = false;
                message.named = true;
                message.id = word[1];
                message.at = word[2];
                message.attempts = Integer.parseInt(word[3]);
                message.recoveries = Integer.parseInt(word[4]);
            } else {
                message.unknown = word.length > 0 && word[0].matches("[2-9]");
                message.malformed |= !message.unknown && !lines.get(0).equals("1");
            }
        }
        return message;
    }

    /** What nobody can read. */
    static Message forged(String content) {
        Message message = new Message();
        message.forged = true;
        message.body = content;
        return message;
    }

    /** It becomes a dead letter that has its bytes for a body. */
    void setAside(String member) {
        reason = "what was kept until it was due cannot be read; its name was '" + member + "'";
    }

    Message copy() {
        Message copy = new Message();
        copy.place = Place.DONE;
        copy.id = id;
        copy.at = at;
        copy.attempts = attempts;
        copy.recoveries = recoveries;
        copy.meta = meta;
        copy.log = new ArrayList<>(log);
        copy.body = body;
        copy.foreign = foreign;
        copy.named = named;
        copy.malformed = malformed;
        copy.unknown = unknown;
        copy.fresh = fresh;
        copy.written = written;
        copy.reason = reason;
        return copy;
    }

    /** Whether its entries stay as they are. */
    boolean verbatim() {
        return unknown || malformed;
    }

    /** It has got another entry. */
    void bound(String entry) {
        if ((verbatim() && !named) || forged) {
            forged = false;
            id = entry;
            at = entry.substring(0, entry.indexOf('-'));
        }
    }

    /** It is to get another entry. */
    void handedOver() {
        if (!verbatim()) {
            if (foreign) {
                meta = meta.replace('\n', ' ');
            }
            foreign = false;
            fresh = false;
        }
    }

    /** What has no body gets its fields for one. */
    void buried(String why) {
        if (malformed && !unknown) {
            malformed = false;
            body = written.containsKey("body") ? body : new TreeMap<>(written).toString();
        }
        handedOver();
        reason = why;
    }

    /** Whether its entry is deleted once it is settled. */
    boolean large() {
        return fields(false).stream().mapToInt(String::length).sum() >= LARGE;
    }

    /** Whether the last that is noted is that it was lost with the reply to its claim. */
    boolean lostBefore() {
        return !log.isEmpty() && log.get(log.size() - 1).endsWith(" " + Settlement.Lost.WHAT);
    }

    void note(int attempt, String session, String what) {
        log.add(WHEN + " " + attempt + " " + session + " " + what);
        while (log.size() > 1 && String.join("\n", log).length() + 12 > 8192) { // 13 digits stand in for the sign
            log.remove(0);
        }
    }

    /** Takes over the time of the last line of its ledger, if that is within these bounds. */
    void noted(List<String> fields, long from, long to) {
        String line = log.isEmpty() ? "" : log.get(log.size() - 1);
        if (line.startsWith(WHEN) && fields.size() > 1) {
            String time = fields.get(1).replaceFirst("(?s).*\n", "").replaceFirst(" .*", "");
            if (time.matches("\\d{13}") && Long.parseLong(time) >= from && Long.parseLong(time) <= to) {
                log.set(log.size() - 1, time + line.substring(WHEN.length()));
            }
        }
    }

    /** The field hark as it stands in its entry. */
    String hark(boolean explicit) {
        String head = fresh && !explicit ? "1" : "1 " + id + " " + at + " " + attempts + " " + recoveries;
        return log.isEmpty()
                ? head + (meta.isEmpty() ? "" : "\n" + meta)
                : head + "\n" + meta + "\n" + String.join("\n", log);
    }

    /** The fields of its entry, names and values in turn; {@code explicit} where a store tells no fresh ones apart. */
    List<String> fields(boolean explicit) {
        List<String> fields = new ArrayList<>();
        if (forged && place == Place.LATER) {
            return List.of("?", body); // as a rig shows what it cannot read
        }
        if (verbatim() || (foreign && !explicit)) {
            written.forEach((name, value) -> fields.addAll(List.of(name, value)));
        } else {
            fields.addAll(List.of("hark", hark(explicit), "body", body));
            if (foreign) {
                fields.addAll(List.of("foreign", "yes"));
            }
        }
        return fields;
    }

    /** The fields of its entry among the dead letters. */
    List<String> deadFields(boolean explicit) {
        List<String> fields = fields(explicit);
        fields.addAll(List.of("reason", reason));
        return fields;
    }
}
