package dev.hark.cli.listen;

import dev.hark.RetryPolicy;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.exec.Executing;
import dev.hark.cli.exec.Shell;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.process.Stop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hark listen}. */
@Command(
        name = "listen",
        description = {
            "Takes messages, and prints each on a line, or runs a command for each.",
            "",
            "A message is settled once its line is written, or its command has ended: exit 0 is done, 65 is dead,"
                    + " anything else is tried again, with the last lines of its stderr as the error."
                    + " The body is on the command's stdin, a file that is complete before it starts;"
                    + " HARK_ID, HARK_QUEUE, HARK_TYPE, HARK_KEY, HARK_HEADERS (JSON) and HARK_ATTEMPT are in its"
                    + " environment. Of type, key and headers that it cannot take, HARK_META_FILE names a file (JSON).",
            "",
            "SIGTERM, SIGHUP and Ctrl-C drain: what runs is finished, the rest is given back, and the exit code is 0."
                    + " The second Ctrl-C or SIGTERM ends at once: commands are killed, and what runs is given back, too."
        },
        exitCodeList = {
            ExitCode.DONE_MEANS,
            ExitCode.FAILED_MEANS,
            ExitCode.WRONG_USE_MEANS,
            "130:the second Ctrl-C",
            "143:the second SIGTERM"
        },
        footer = {
            "  hark listen mail reports",
            "  hark listen mail --json | jq .body",
            "  hark listen mail --concurrency 8 \\",
            "      --exec 'curl -fsS -d @- https://example.org/in'",
            "  hark listen mail --drain > all-that-waited",
            "  hark listen --channel my_queue     # a Redis SUBSCRIBE",
            "  hark listen --pattern 'news.*'"
        })
public final class ListenCommand implements Callable<Integer> {

    private static final List<String> FOR_QUEUES_ONLY = List.of(
            "--exec",
            "--concurrency",
            "--max-attempts",
            "--retry-delay",
            "--lease",
            "--timeout",
            "--close-timeout",
            "--drain");

    @ParentCommand
    private Invocation hark;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "QUEUE", description = "The queues; with --channel, the channels.")
    private List<String> names = List.of();

    @Option(
            names = "--exec",
            paramLabel = "CMD",
            description = "Run this through /bin/sh for each message; not with --json.")
    private @Nullable String exec;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "How many messages at a time. Default: 1 to print, the number of processors to --exec.")
    private @Nullable Integer concurrency;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            description = "After so many failed attempts a message is dead. Default: 10.")
    private int maxAttempts = 10;

    @Option(
            names = "--retry-delay",
            paramLabel = "D",
            description = "The wait after the first failed attempt; it doubles from there. Default: 1s.")
    private Duration retryDelay = Duration.ofSeconds(1);

    @Option(
            names = "--lease",
            paramLabel = "D",
            description = "If nothing is heard of this process for so long, others take its messages. Default: 10s.")
    private Duration lease = Duration.ofSeconds(10);

    @Option(
            names = "--timeout",
            paramLabel = "D",
            description = "Kill a command that runs longer, with all that it started: a failed attempt.")
    private @Nullable Duration timeout;

    @Option(
            names = "--close-timeout",
            paramLabel = "D",
            description =
                    "How long ending may take, settling included: what runs is interrupted or killed, and given back,"
                            + " a little earlier. Default: 25s.")
    private Duration closeTimeout = Duration.ofSeconds(25);

    @Option(names = "--drain", description = "End once nothing is waiting, being handled (by anyone), or due later.")
    private boolean drain;

    @Option(names = "--channel", description = "Listen to plain Redis channels; what nobody hears is gone.")
    private boolean channel;

    @Option(
            names = "--pattern",
            paramLabel = "P",
            description = "Listen to all plain Redis channels of this pattern; may be repeated.")
    private List<String> patterns = List.of();

    @Override
    public Integer call() {
        if (channel || !patterns.isEmpty()) {
            return channels();
        }
        if (names.isEmpty()) {
            throw wrongUse("Name at least one queue, or a channel with --channel");
        }
        if (timeout != null && exec == null) {
            throw wrongUse("--timeout is for the command of --exec, which is missing");
        }
        if (timeout != null && timeout.isZero()) {
            throw wrongUse("--timeout must be more than 0");
        }
        if (closeTimeout.isZero()) {
            throw wrongUse("--close-timeout must be more than 0");
        }
        if (exec != null && hark.json()) {
            throw wrongUse("--json prints messages, which a command of --exec gets instead: leave one of them out");
        }
        if (exec != null && exec.isBlank()) {
            throw wrongUse("--exec '" + exec + "' is no command, and would settle each message as done");
        }
        return queues();
    }

    private int queues() {
        Stop stop = new Stop();
        hark.io().signals().stopping(stop);
        RetryPolicy retry = Invocation.naming(
                "--max-attempts", () -> RetryPolicy.exponential(retryDelay).maxAttempts(maxAttempts));
        QueueListening listening = new QueueListening(hark, names(), stop, drain, closeTimeout);
        if (exec == null) {
            listening.run(lease, concurrency(1), retry, new Printing(hark.out(), hark.json(), stop));
        } else {
            try (Shell shell = new Shell(exec, timeout, hark.io(), hark.out())) {
                int processors = Runtime.getRuntime().availableProcessors();
                listening.run(lease, concurrency(processors), retry, new Executing(shell, retry, stop, hark.notes()));
            }
        }
        return ExitCode.DONE;
    }

    private int channels() {
        if (!channel && !names.isEmpty()) {
            throw wrongUse(
                    "'" + names.getFirst() + "' would be a queue; with --pattern, name channels after --channel");
        }
        if (channel && names.isEmpty() && patterns.isEmpty()) {
            throw wrongUse("Name at least one channel after --channel");
        }
        for (String option : FOR_QUEUES_ONLY) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw wrongUse(option + " makes no sense for channels, which keep and settle nothing");
            }
        }
        Stop stop = new Stop();
        hark.io().signals().stopping(stop);
        new ChannelListening(hark, names(), new LinkedHashSet<>(patterns), stop).run();
        return ExitCode.DONE;
    }

    private Set<String> names() {
        return new LinkedHashSet<>(names);
    }

    private int concurrency(int otherwise) {
        return concurrency == null ? otherwise : concurrency;
    }

    private ParameterException wrongUse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
