package dev.hark.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.Outcome;
import dev.hark.admin.QueueInfo;
import dev.hark.devserver.DevServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs in Python, with redis-py alone, on one Redis with Hark. HARK_TEST_PYTHON names a Python that has redis-py. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PythonTest {

    private static final String PYTHON = Objects.requireNonNullElse(System.getenv("HARK_TEST_PYTHON"), "python3");

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final List<Process> processes = new ArrayList<>();
    private DevServer redis;
    private Hark hark;

    @BeforeAll
    static void lookForRedisPy() throws Exception {
        boolean there;
        try {
            there = new ProcessBuilder(PYTHON, "-c", "import redis").start().waitFor() == 0;
        } catch (IOException e) {
            there = false;
        }
        assumeTrue(there, PYTHON + " has no redis-py");
    }

    @BeforeEach
    void start() {
        redis = DevServer.start();
        hark = Hark.connect(redis.url());
    }

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        if (hark != null) {
            hark.close();
            redis.close();
        }
    }

    private Process python(String script, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(PYTHON, "python/" + script, redis.url()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    private static String firstLine(Process process) throws IOException {
        return reader(process).readLine();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    void whatPythonPublishesToAChannelIsHeard() throws Exception {
        hark.channel("my_queue", String.class).subscribe(heard::add);

        python("publish.py");

        assertThat(heard.take()).isEqualTo("Hello, World!");
    }

    @Test
    void whatIsPublishedToAChannelPythonHears() throws Exception {
        try (BufferedReader lines = reader(python("subscribe.py"))) {
            assertThat(lines.readLine()).isEqualTo("subscribe 1");

            hark.channel("my_queue", String.class).publish("Hello, Python!");

            assertThat(lines.readLine()).isEqualTo("message b'Hello, Python!'");
        }
    }

    @Test
    void whatPythonAddsToAStreamIsHandledAlsoBeforeHarkSawTheQueue() throws Exception {
        String id = firstLine(python("enqueue.py"));

        Listener listener = hark.listener()
                .handleMessage(hark.queue("mail", HelloQueue.Email.class), message -> {
                    heard.add(message.id() + " " + message.body().subject());
                    return Outcome.done();
                })
                .start();

        assertThat(heard.take()).isEqualTo(id + " From Python");
        listener.close();
        QueueInfo mail = hark.inspector().queue("mail").info();
        assertThat(List.of(mail.published(), mail.done())).containsExactly(1L, 1L);
    }

    @Test
    void aWorkerInPythonSettlesRetriesAndGivesUpAsHarkDoes() throws Exception {
        hark.queue("mail", String.class).publish("fine");
        hark.queue("mail", String.class).publish("flaky");
        hark.queue("mail", String.class).publish("broken");

        BufferedReader lines = reader(python("worker.py", "mail"));
        List<String> handled = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            handled.add(lines.readLine());
        }

        assertThat(handled)
                .containsExactlyInAnyOrder("fine attempt 1", "flaky attempt 1", "broken attempt 1", "flaky attempt 2");
        QueueInfo mail = awaitIdle();
        assertThat(List.of(mail.published(), mail.done(), mail.retried(), mail.dead()))
                .containsExactly(3L, 2L, 1L, 1L);
        assertThat(hark.inspector().queue("mail").dead().list(1).getFirst().reason())
                .isEqualTo("broken for good");
    }

    private QueueInfo awaitIdle() {
        return await().until(
                        () -> hark.inspector().queue("mail").info(),
                        mail -> mail.waiting() + mail.active() + mail.later() == 0);
    }

    @Test
    void whatAKilledPythonWorkerHeldIsHandedOver() throws Exception {
        hark.queue("slow", String.class).publish("slow");
        Process worker = python("worker.py", "slow", "1000");
        assertThat(firstLine(worker)).isEqualTo("slow attempt 1");

        worker.destroyForcibly().waitFor();
        try (Hark other =
                Hark.builder().url(redis.url()).lease(Duration.ofMillis(500)).build()) {
            other.listener()
                    .handleMessage(other.queue("slow", String.class), message -> {
                        heard.add(message.body() + " attempt " + message.attempt());
                        return Outcome.done();
                    })
                    .start();

            assertThat(heard.take()).isEqualTo("slow attempt 2");
        }
    }
}
