package dev.hark.cli.queues;

import dev.hark.Hark;
import dev.hark.admin.QueueInfo;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Json;
import dev.hark.cli.term.Table;
import dev.hark.cli.term.Times;
import dev.hark.error.InvalidInputException;
import dev.hark.error.NewerLayoutException;
import dev.hark.error.WrongTypeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import tools.jackson.core.JsonGenerator;

/** {@code hark queues}. */
@Command(
        name = "queues",
        description = {
            "Shows each queue and its figures.",
            "",
            "waiting: not yet taken. active: being handled. later: delayed, or to be tried again. dead: given up."
        },
        footer = {
            "  hark queues",
            "  hark queues --json | jq '.[] | select(.dead > 0) | .name'",
            "  hark queues set mail --max-length 100000"
        },
        subcommands = QueuesSetCommand.class)
public final class QueuesCommand implements Callable<Integer> {

    @ParentCommand
    private Invocation hark;

    @Override
    public Integer call() {
        int exit = ExitCode.DONE;
        try (Hark connected = hark.connect()) {
            List<QueueInfo> queues = new ArrayList<>();
            for (String name : connected.inspector().queueNames()) {
                try {
                    queues.add(connected.inspector().queue(name).info());
                } catch (InvalidInputException
                        | WrongTypeException
                        | NewerLayoutException e) { // one of these should not hide the others
                    hark.notes().say(String.valueOf(e.getMessage()));
                    exit = ExitCode.FAILED;
                }
            }
            if (hark.json()) {
                hark.out().line(Json.array(queues, QueuesCommand::fields));
            } else if (queues.isEmpty() && exit == ExitCode.DONE) {
                hark.notes().say("no queues yet; hark publish mail hello makes one");
            } else {
                table(queues).lines().forEach(hark.out()::line);
            }
        }
        return exit;
    }

    Invocation hark() {
        return hark;
    }

    private static void fields(JsonGenerator json, QueueInfo queue) {
        json.writeStringProperty("name", queue.name());
        json.writeNumberProperty("waiting", queue.waiting());
        json.writeNumberProperty("active", queue.active());
        json.writeNumberProperty("later", queue.later());
        json.writeNumberProperty("dead", queue.dead());
        json.writeNumberProperty("done", queue.done());
        json.writeNumberProperty("published", queue.published());
        json.writeNumberProperty("retried", queue.retried());
        json.writeNumberProperty("recovered", queue.recovered());
        json.writeNumberProperty("refused", queue.refused());
        json.writeNumberProperty("deleted", queue.deleted());
        json.writeNumberProperty("dropped", queue.dropped());
        json.writeNumberProperty("copies", queue.copies());
        json.writeNumberProperty("sessions", queue.sessions());
        Json.text(json, "oldestWaiting", queue.oldestWaiting());
    }

    private static Table table(List<QueueInfo> queues) {
        Instant now = Instant.now();
        Table table = new Table(
                "QUEUE", "WAITING", "ACTIVE", "LATER", "DEAD", "DONE", "RETRIED", "SESSIONS", "OLDEST WAITING");
        for (QueueInfo queue : queues) {
            table.row(
                    queue.name(),
                    queue.waiting(),
                    queue.active(),
                    queue.later(),
                    queue.dead(),
                    queue.done(),
                    queue.retried(),
                    queue.sessions(),
                    age(queue.oldestWaiting(), now));
        }
        return table;
    }

    private static String age(@Nullable Instant since, Instant now) {
        if (since == null) {
            return "-";
        }
        Duration age = Duration.between(since, now);
        return Times.show(age.isNegative() ? Duration.ZERO : age);
    }
}
