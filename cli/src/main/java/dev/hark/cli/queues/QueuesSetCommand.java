package dev.hark.cli.queues;

import dev.hark.Durability;
import dev.hark.Hark;
import dev.hark.InvalidInputException;
import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.cli.connect.FailureReport;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Json;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code hark queues set}. */
@Command(
        name = "set",
        description = {
            "Shows the settings of a queue, and changes those that are given.",
            "",
            "Publishers go by them within 5 s. What is set here, no program changes back."
        },
        footer = {
            "  hark queues set mail",
            "  hark queues set mail --max-length 100000 --overflow block",
            "  hark queues set mail --max-length 0",
            "  hark queues set mail --durability 'replicated(2)' --strict"
        })
public final class QueuesSetCommand implements Callable<Integer> {

    @ParentCommand
    private QueuesCommand queues;

    @Parameters(paramLabel = "QUEUE", description = "The queue.")
    private String queue;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "How many messages may wait, those due later included; 0 for no limit.")
    private @Nullable Long maxLength;

    @Option(
            names = "--overflow",
            paramLabel = "WHAT",
            description = "When it is full: reject what is published, block for up to 30 s, or drop-oldest."
                    + " Default: reject.")
    private @Nullable Overflow overflow;

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            description =
                    "How safe a published message should be: memory, fsynced, or replicated(N) by so many replicas."
                            + " Default: memory.")
    private @Nullable Durability durability;

    @Option(
            names = "--strict",
            negatable = true,
            description = "Whether publishing fails when that is not reached; otherwise the receipt says what was.")
    private @Nullable Boolean strict;

    @Override
    public Integer call() {
        Invocation hark = queues.hark();
        try (Hark connected = hark.connect()) {
            QueueSettings now =
                    Stream.of(maxLength, overflow, durability, strict).allMatch(Objects::isNull)
                            ? connected.inspector().settings(queue)
                            : connected.inspector().configure(queue, this::changed);
            if (hark.json()) {
                hark.out().line(Json.object(json -> {
                    json.writeNumberProperty("maxLength", now.maxLength());
                    json.writeStringProperty("overflow", name(now.overflow()));
                    json.writeStringProperty("durability", now.durability().toString());
                    json.writeBooleanProperty("strict", now.strict());
                }));
            } else {
                hark.out().line("max length: " + (now.maxLength() == 0 ? "none" : now.maxLength()));
                hark.out().line("overflow:   " + name(now.overflow()));
                hark.out().line("durability: " + now.durability() + (now.strict() ? ", strict" : ""));
            }
        }
        return ExitCode.DONE;
    }

    private QueueSettings changed(QueueSettings before) {
        QueueSettings changed = maxLength == null ? before : before.maxLength(maxLength);
        changed = overflow == null ? changed : changed.overflow(overflow);
        changed = durability == null ? changed : changed.durability(durability);
        return strict == null ? changed : changed.strict(strict);
    }

    public static Durability durability(String value) {
        try {
            return Durability.parse(value);
        } catch (InvalidInputException e) {
            throw new TypeConversionException(FailureReport.message(e));
        }
    }

    public static Overflow overflow(String value) {
        for (Overflow overflow : Overflow.values()) {
            if (name(overflow).equals(value)) {
                return overflow;
            }
        }
        throw new TypeConversionException("'" + value + "' is not one of reject, block, drop-oldest");
    }

    private static String name(Overflow overflow) {
        return overflow.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
