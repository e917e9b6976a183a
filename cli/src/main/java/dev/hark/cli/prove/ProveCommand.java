package dev.hark.cli.prove;

import dev.hark.cli.connect.Invocation;
import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.process.Stop;
import dev.hark.proof.Options;
import dev.hark.proof.Proof;
import dev.hark.proof.Verdict;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hark prove}. */
@Command(
        name = "prove",
        description = {
            "Kills, pauses and cuts off workers while messages flow, fills their heaps, lets handlers compute without an"
                    + " end, steps the clock of Redis and adds entries as strangers might, and says whether every promise"
                    + " held.",
            "",
            "It starts a Redis of its own, whatever HARK_REDIS says, and kills that as well; with --redis it works"
                    + " there, under keys of its own (hark-prove-…:), and removes them at the end. That server is neither"
                    + " stopped, nor filled, nor configured. The exit code is 1 if a promise broke."
        },
        footer = {"  hark prove", "  hark prove --minutes 10 --seed 42", "  hark prove --redis redis://localhost:6379"})
public final class ProveCommand implements Callable<Integer> {

    private static final int SEEDS = 1_000_000;

    @ParentCommand
    private Invocation hark;

    @Spec
    private CommandSpec spec;

    @Option(names = "--minutes", paramLabel = "N", description = "How long it publishes. Default: 1.")
    private int minutes = 1;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Does what the run with this seed did, in the same order. Default: drawn, and printed.")
    private @Nullable Long seed;

    @Override
    public Integer call() {
        long drawn = seed == null ? RandomGenerator.getDefault().nextInt(SEEDS) : seed;
        Options options;
        try {
            options = Options.minutes(minutes, drawn);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--minutes: " + e.getMessage());
        }
        Stop stop = new Stop();
        hark.io().signals().stopping(stop);
        String given = hark.givenUrl();
        if (given != null) {
            hark.checkSingle(given, "prove");
        }
        hark.notes().say("seed " + drawn + ", about " + minutes + " min and as long as all takes to be handled");
        Verdict verdict = run(new Proof(options, hark.notes()::say), given, stop);
        ProveResult result = new ProveResult(drawn, verdict);
        (hark.json() ? result.json() : result.text()).lines().forEach(hark.out()::line);
        return result.exitCode();
    }

    private static Verdict run(Proof proof, @Nullable String url, Stop stop) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        Thread proving = Thread.ofPlatform().name("prove").start(() -> {
            try {
                verdict.complete(url == null ? proof.run() : proof.run(url));
            } catch (Throwable e) { // told to whoever waits
                verdict.completeExceptionally(e);
            } finally {
                stop.request();
            }
        });
        stop.await();
        proving.interrupt(); // if it is not over, it was asked to end; it removes its keys
        try {
            proving.join();
            return verdict.join();
        } catch (InterruptedException e) {
            throw new CommandFailure(ExitCode.FAILED, "the run was interrupted; start it again", e);
        } catch (CompletionException e) {
            throw ended(e.getCause() == null ? e : e.getCause());
        }
    }

    private static RuntimeException ended(Throwable cause) {
        if (cause instanceof InterruptedException) {
            return new CommandFailure(ExitCode.FAILED, "ended early, without a verdict; nothing is left of it", cause);
        }
        return cause instanceof RuntimeException same
                ? same
                : new CommandFailure(ExitCode.FAILED, "the run broke off: " + cause + "; try again", cause);
    }
}
