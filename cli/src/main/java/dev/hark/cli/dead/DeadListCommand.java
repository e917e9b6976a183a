package dev.hark.cli.dead;

import dev.hark.DeadLetter;
import dev.hark.Hark;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Json;
import dev.hark.cli.term.Table;
import dev.hark.cli.term.Text;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hark dead list}. */
@Command(
        name = "list",
        description =
                "Lists dead letters, the oldest first, a line each, cut to the width of the terminal; hark dead show tells"
                        + " all of one.",
        footer = {"  hark dead list mail", "  hark dead list mail --json | jq -r '.[].reason' | sort | uniq -c"})
final class DeadListCommand implements Callable<Integer> {

    private static final int ID_WIDTH = 40;
    private static final int TYPE_WIDTH = 30;
    private static final int REASON_WIDTH = 50;
    private static final int BODY_WIDTH = 60;

    @ParentCommand
    private DeadCommand dead;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "QUEUE", description = "The queue.")
    private String queue;

    @Option(names = "--limit", paramLabel = "N", description = "So many at most. Default: 100.")
    private int limit = 100;

    @Option(names = "--after", paramLabel = "POSITION", description = "Only those after this position.")
    private @Nullable String after;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--limit " + limit + " is not allowed: it must be at least 1");
        }
        Invocation hark = dead.hark();
        try (Hark connected = hark.connect()) {
            List<DeadLetter> letters = connected.inspector().dead(queue, after, limit);
            if (hark.json()) {
                hark.out().line(Json.array(letters, DeadLetters::summary));
            } else if (letters.isEmpty()) {
                hark.notes().say(queue + " has no dead letters" + (after == null ? "" : " after " + after));
            } else {
                table(letters).lines(hark.out().columns(), 1, 4, 5, 0).forEach(hark.out()::line);
            }
            if (letters.size() == limit) {
                hark.notes()
                        .say("there may be more: --after " + letters.getLast().position());
            }
        }
        return ExitCode.DONE;
    }

    private static Table table(List<DeadLetter> letters) {
        Table table = new Table("ID", "TYPE", "ATTEMPTS", "DIED", "REASON", "BODY");
        for (DeadLetter letter : letters) {
            table.row(
                    Text.shorten(Text.escape(letter.id()), ID_WIDTH),
                    Text.shorten(Text.escape(Objects.requireNonNullElse(letter.type(), "-")), TYPE_WIDTH),
                    letter.attempts(),
                    letter.diedAt().truncatedTo(ChronoUnit.SECONDS),
                    Text.shorten(Text.oneLine(letter.reason()), REASON_WIDTH),
                    Text.shorten(Text.show(letter.body()), BODY_WIDTH));
        }
        return table;
    }
}
