package dev.hark.cli.dead;

import dev.hark.Hark;
import dev.hark.admin.DeadLetter;
import dev.hark.admin.DeadLetters;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.term.Json;
import dev.hark.cli.term.Output;
import dev.hark.cli.term.Text;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code hark dead show}. */
@Command(
        name = "show",
        description = "Shows all that is known of dead letters: their bodies, and how each attempt ended.",
        footer = {"  hark dead show mail ID", "  hark dead show mail ID --json | jq .ledger"})
final class DeadShowCommand implements Callable<Integer> {

    @ParentCommand
    private DeadCommand dead;

    @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
    private String queue;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "ID", description = "Ids, or positions.")
    private List<String> ids = List.of();

    @Override
    public Integer call() {
        Invocation hark = dead.hark();
        Missing missing = new Missing(queue);
        try (Hark connected = hark.connect()) {
            DeadLetters letters = connected.inspector().queue(queue).dead();
            for (String id : ids) {
                Optional<DeadLetter> letter = letters.find(id);
                letter.ifPresentOrElse(found -> show(hark, found), () -> missing.add(id));
            }
        }
        return missing.report(hark.notes());
    }

    private static void show(Invocation hark, DeadLetter letter) {
        if (hark.json()) {
            hark.out().line(Json.object(json -> DeadLetterJson.everything(json, letter)));
            return;
        }
        Output out = hark.out();
        out.line("id         " + letter.id());
        out.line("queue      " + letter.queue());
        out.line("position   " + letter.position());
        out.line("published  " + letter.publishedAt());
        out.line("died       " + letter.diedAt());
        out.line("attempts   " + letter.attempts());
        out.line("reason     " + Text.oneLine(letter.reason()));
        Optional.ofNullable(letter.type()).ifPresent(type -> out.line("type       " + type));
        Optional.ofNullable(letter.key()).ifPresent(key -> out.line("key        " + key));
        letter.headers().forEach((name, value) -> out.line("header     " + name + "=" + value));
        letter.ledger()
                .forEach(attempt -> out.line("attempt " + attempt.attempt() + "  " + attempt.at() + "  "
                        + attempt.session() + "  " + Text.oneLine(attempt.what())));
        out.line("body       " + Text.show(letter.body()));
    }
}
