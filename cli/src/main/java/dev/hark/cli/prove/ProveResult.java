package dev.hark.cli.prove;

import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Json;
import dev.hark.proof.Verdict;

/** What a proof run came to, and how it is told. */
record ProveResult(long seed, Verdict verdict) {

    int exitCode() {
        return verdict.holds() ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** For people. */
    String text() {
        return "Seed " + seed + "\n" + verdict.text();
    }

    /** For programs, in one line. */
    String json() {
        return Json.object(json -> {
            json.writeNumberProperty("seed", seed);
            json.writeBooleanProperty("holds", verdict.holds());
            json.writeNumberProperty("messages", verdict.messages());
            json.writeNumberProperty("acknowledged", verdict.acknowledged());
            json.writeNumberProperty("unknown", verdict.unknown());
            json.writeNumberProperty("unknownThere", verdict.unknownThere());
            json.writeNumberProperty("refused", verdict.refused());
            json.writeNumberProperty("handled", verdict.handled());
            json.writeNumberProperty("dead", verdict.dead());
            json.writeNumberProperty("lost", verdict.lost());
            json.writeNumberProperty("lostToPower", verdict.lostToPower());
            json.writeNumberProperty("unexpected", verdict.unexpected());
            json.writeNumberProperty("unexplained", verdict.unexplained());
            json.writeObjectPropertyStart("duplicates");
            verdict.duplicates().forEach(json::writeNumberProperty);
            json.writeEndObject();
            json.writeNumberProperty("slowestRecoveryMillis", verdict.slowestRecoveryMillis());
            json.writeNumberProperty("slowestLaterMillis", verdict.slowestLaterMillis());
            json.writeNumberProperty("slowestPublishMillis", verdict.slowestPublishMillis());
            json.writeNumberProperty("slowestStartMillis", verdict.slowestStartMillis());
            json.writeObjectPropertyStart("done");
            verdict.acts().forEach(act -> json.writeNumberProperty(act.what(), act.times()));
            json.writeEndObject();
            json.writeArrayPropertyStart("problems");
            verdict.problems().forEach(json::writeString);
            json.writeEndArray();
        });
    }
}
