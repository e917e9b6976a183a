package dev.hark.cli.dead;

import dev.hark.admin.DeadLetter;
import dev.hark.cli.term.Json;
import tools.jackson.core.JsonGenerator;

/** Dead letters as JSON. */
final class DeadLetterJson {

    private DeadLetterJson() {}

    static void summary(JsonGenerator json, DeadLetter letter) {
        json.writeStringProperty("id", letter.id());
        json.writeStringProperty("queue", letter.queue());
        Json.text(json, "type", letter.type());
        json.writeNumberProperty("attempts", letter.attempts());
        Json.text(json, "publishedAt", letter.publishedAt());
        Json.text(json, "diedAt", letter.diedAt());
        json.writeStringProperty("reason", letter.reason());
        Json.headers(json, letter.headers());
        Json.body(json, letter.body());
        json.writeStringProperty("position", letter.position());
    }

    static void everything(JsonGenerator json, DeadLetter letter) {
        summary(json, letter);
        Json.text(json, "key", letter.key());
        json.writeName("ledger");
        Json.objects(json, letter.ledger(), DeadLetterJson::attempt);
    }

    private static void attempt(JsonGenerator json, DeadLetter.Attempt attempt) {
        Json.text(json, "at", attempt.at());
        json.writeNumberProperty("attempt", attempt.attempt());
        json.writeStringProperty("session", attempt.session());
        json.writeStringProperty("what", attempt.what());
    }
}
