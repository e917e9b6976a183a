package dev.hark.cli.demo;

import dev.hark.Hark;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.connect.Notices;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.process.Stop;
import dev.hark.devserver.DevServer;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hark demo}. */
@Command(
        name = "demo",
        description = {
            "Publishes messages to three queues while listeners handle them, and shows what became of each.",
            "",
            "One in a hundred fails the first time and is tried again; five are poison, and end among the dead."
                    + " It starts a Redis of its own, whatever HARK_REDIS says; with --redis it works there, under keys"
                    + " of its own (hark-demo:), and removes them at the end."
        },
        footer = {"  hark demo", "  hark demo --messages 1000000", "  hark demo --redis redis://localhost:6379 --json"})
public final class DemoCommand implements Callable<Integer> {

    private static final String PREFIX = "hark-demo";

    /** A demo that was stopped should not keep its user waiting. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    @ParentCommand
    private Invocation hark;

    @Spec
    private CommandSpec spec;

    @Option(names = "--messages", paramLabel = "N", description = "How many. Default: 10000.")
    private int messages = 10_000;

    @Override
    public Integer call() {
        if (messages < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--messages " + messages + " is not allowed: it must be at least 1");
        }
        Stop stop = new Stop();
        hark.io().signals().stopping(stop);
        String given = hark.givenUrl();
        if (given != null) {
            return runOn(given, stop);
        }
        try (DevServer server = DevServer.start()) {
            hark.notes().say("started Redis " + server.version() + " on " + server.url() + " for this demo");
            return run(server.url(), stop);
        }
    }

    /** On a Redis that others use, too. */
    private int runOn(String url, Stop stop) {
        try (Hark connected = connect(url)) {
            new DemoQueues(connected).removeLeftovers();
        }
        try {
            return run(url, stop);
        } finally {
            // Only now is all answered that was being published, and nothing is written any more.
            try (Hark connected = connect(url)) {
                new DemoQueues(connected).remove();
            }
        }
    }

    private int run(String url, Stop stop) {
        try (Hark connected = connect(url)) {
            return run(new DemoQueues(connected), stop);
        }
    }

    private Hark connect(String url) {
        return hark.connect(
                url,
                new Notices(hark.notes(), Notices.Scope.CONNECTION),
                builder -> builder.prefix(PREFIX).closeTimeout(CLOSE_TIMEOUT));
    }

    private int run(DemoQueues queues, Stop stop) {
        DemoTally tally = new DemoTally(messages);
        DemoResult result;
        try (ProgressBar bar = new ProgressBar(hark.io(), messages)) {
            result = new Demo(queues, tally, bar, stop).run();
        }
        if (hark.json()) {
            hark.out().line(result.json());
        } else {
            result.table().lines().forEach(hark.out()::line);
            hark.out().line("");
            hark.out().line(result.summary());
        }
        boolean complete = result.isComplete() && result.published() == messages; // it may be stopped before it begins
        if (!complete) {
            hark.notes().say(result.shortfall());
        }
        return complete ? ExitCode.DONE : ExitCode.FAILED;
    }
}
