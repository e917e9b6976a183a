package dev.hark.cli.bench;

import dev.hark.bench.Bench;
import dev.hark.bench.Options;
import dev.hark.bench.Report;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.process.Stop;
import dev.hark.devserver.Binary;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.DevServerException;
import dev.hark.devserver.ServerOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hark bench}. */
@Command(
        name = "bench",
        description = {
            "Measures throughput, latency and what a message costs Redis.",
            "",
            "It starts the redis-server that is installed, whatever HARK_REDIS says; with --redis it measures that one,"
                    + " under keys of its own (hark-bench:), and removes them at the end."
        },
        footer = {"  hark bench --floor", "  hark bench --redis redis://localhost:6379 --messages 1000000 --json"})
public final class BenchCommand implements Callable<Integer> {

    @ParentCommand
    private Invocation hark;

    @Spec
    private CommandSpec spec;

    @Option(names = "--messages", paramLabel = "N", description = "How many each phase moves. Default: 200000.")
    private int messages = 200_000;

    @Option(names = "--payload", paramLabel = "BYTES", description = "The size of a body, about. Default: 100.")
    private int payload = 100;

    @Option(names = "--concurrency", paramLabel = "N", description = "Messages handled at once. Default: 1000.")
    private int concurrency = 1_000;

    @Option(names = "--floor", description = "Measure in turns what the bare client does, without any guarantee.")
    private boolean floor;

    @Option(
            names = "--any-server",
            description = "Measure the server that Hark brings along, too, which is 3 to 4 times slower.")
    private boolean anyServer;

    @Override
    public Integer call() {
        Options options;
        try {
            options = new Options(messages, payload, concurrency, floor, 3);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
        }
        Stop stop = new Stop();
        hark.io().signals().stopping(stop);
        String given = hark.givenUrl();
        if (given != null) {
            hark.checkSingle(given, "bench");
            return measure(given, options, stop);
        }
        try (DevServer server = start()) {
            hark.notes().say("started Redis " + server.version() + " on " + server.url() + " to measure");
            return measure(server.url(), options, stop);
        }
    }

    private DevServer start() {
        Binary binary = anyServer ? Binary.any() : Binary.onPath();
        try {
            return DevServer.start(ServerOptions.defaults().binary(binary));
        } catch (DevServerException e) {
            throw new CommandFailure(
                    ExitCode.WRONG_USE,
                    e.getMessage() + " The server that Hark brings along is 3 to 4 times slower and so not measured:"
                            + " install redis-server, name one with --redis, or say --any-server.",
                    e);
        }
    }

    private int measure(String url, Options options, Stop stop) {
        Bench bench = new Bench(url, options, phase -> hark.notes().say("measuring " + phase));
        CompletableFuture<Report> report = new CompletableFuture<>();
        Thread measuring = Thread.ofPlatform().name("bench").start(() -> {
            try {
                report.complete(bench.run());
            } catch (Throwable e) { // told to whoever waits
                report.completeExceptionally(e);
            } finally {
                stop.request();
            }
        });
        stop.await();
        measuring.interrupt(); // if it is not over, it was asked to end; it removes its keys
        Report result;
        try {
            measuring.join();
            result = report.join();
        } catch (Exception e) {
            throw new CommandFailure(
                    ExitCode.FAILED, "the benchmark did not end: " + e.getMessage() + "; try again with --verbose", e);
        }
        if (hark.json()) {
            hark.out().line(result.json());
        } else {
            result.table().lines().forEach(hark.out()::line);
        }
        return ExitCode.DONE;
    }
}
