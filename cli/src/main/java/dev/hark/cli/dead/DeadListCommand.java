package dev.hark.cli.dead;

import dev.hark.Hark;
import dev.hark.admin.DeadLetter;
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

    private static final int LARGEST_PAGE = 1_000;
    private static final int TYPE_WIDTH = 30;
    private static final int REASON_WIDTH = 50;
    private static final int BODY_WIDTH = 60;

    /** What tells one from the other first: a time or a count rarely does. */
    private static final List<Table.Part> BY_IMPORTANCE = List.of(
            Table.Part.whole(0),
            new Table.Part(4, 24),
            new Table.Part(5, 12),
            Table.Part.whole(3),
            new Table.Part(1, 8),
            Table.Part.whole(2));

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
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--limit " + limit + " is not allowed: it must be between 1 and " + LARGEST_PAGE);
        }
        Invocation hark = dead.hark();
        try (Hark connected = hark.connect()) {
            List<DeadLetter> letters = connected.inspector().queue(queue).dead().list(limit, after);
            if (hark.json()) {
                hark.out().line(Json.array(letters, DeadLetterJson::summary));
            } else if (letters.isEmpty()) {
                hark.notes().say(queue + " has no dead letters" + (after == null ? "" : " after " + after));
                Missing.queue(queue, connected.inspector(), hark.notes());
            } else {
                table(letters).lines(hark.out().columns(), BY_IMPORTANCE).forEach(hark.out()::line);
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
                    Text.escape(letter.id()), // whole, since others take it
                    Text.shorten(Text.escape(Objects.requireNonNullElse(letter.type(), "-")), TYPE_WIDTH),
                    letter.attempts(),
                    letter.diedAt().truncatedTo(ChronoUnit.SECONDS),
                    Text.shorten(Text.oneLine(letter.reason()), REASON_WIDTH),
                    Text.shorten(Text.show(letter.body()), BODY_WIDTH));
        }
        return table;
    }
}
