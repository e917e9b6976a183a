package dev.hark.cli.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.Outcome;
import dev.hark.RetryPolicy;
import dev.hark.cli.Cli;
import dev.hark.cli.CliTest;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.Io;
import dev.hark.cli.process.Signals;
import dev.hark.cli.process.Stop;
import dev.hark.cli.term.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The second signal, whenever it comes: the process ends with its main thread, and all that is still being given back. */
class QueueListeningTest extends CliTest {

    private final CompletableFuture<Stop> stop = new CompletableFuture<>();

    @Test
    void theEndWaitsForWhatTheSecondSignalGivesBackAlsoIfThatIsFaster() throws Exception {
        server.publish("mail", "one");
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        OutputStream out = at("one", () -> {
            begun.countDown();
            awaitInterrupt();
            interrupted.countDown();
            await(over); // it does not end when it shall
        });
        OutputStream err = at("listening on", () -> await(interrupted));
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> code.complete(listen(out, err, stop::complete)));
        try {
            await(begun);
            Thread.ofPlatform().daemon().start(() -> stop.join().hurry());

            assertThat(code.get(30, TimeUnit.SECONDS)).isZero();

            assertThat(server.figure("mail", "sessions")).isZero();
            assertThat(server.figure("mail", "waiting")).isEqualTo(1);
        } finally {
            over.countDown();
        }
    }

    @Test
    void twoSignalsBeforeItBeginsEndItQuietly() {
        server.publish("mail", "one");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        assertThat(listen(out, err, Stop::hurry)).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(server.figure("mail", "waiting")).isEqualTo(1);
    }

    private static int listen(OutputStream out, OutputStream err, Signals signals) {
        PrintStream notes = new PrintStream(err, true, StandardCharsets.UTF_8);
        Map<String, String> env = Map.of("HARK_REDIS", server.url());
        Io io = new Io(InputStream.nullInputStream(), out, notes, env, Terminal.NONE, signals);
        return Cli.run(io, "listen", "mail");
    }

    /** Does something once it is to write this. */
    private static OutputStream at(String text, Runnable action) {
        return new OutputStream() {
            @Override
            public void write(int one) {
                // whole lines are written
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                if (new String(bytes, from, length, StandardCharsets.UTF_8).contains(text)) {
                    action.run();
                }
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // at last
        }
    }

    @Test
    void whatGoesWrongWhileClosingIsTheFailureOfTheCommand() {
        Io io = new Io(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintStream(OutputStream.nullOutputStream()),
                Map.of("HARK_REDIS", server.url()),
                Terminal.NONE,
                stop::complete);
        Stop requested = new Stop();
        requested.request();
        Duration tooLong = Duration.ofDays(40_000);
        QueueListening listening = new QueueListening(new Invocation(io) {}, Set.of("mail"), requested, false, tooLong);

        assertThatThrownBy(() -> listening.run(
                        Duration.ofSeconds(10), 1, RetryPolicy.exponential(Duration.ZERO), message -> Outcome.done()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("closing has failed");
        requested.hurry();
    }
}
