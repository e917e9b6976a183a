package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs in Python, with redis-py, on the other side. */
class ForeignClientTest extends CliTest {

    private static final String PYTHON = "/usr/bin/python3";

    @BeforeAll
    static void needPython() throws Exception {
        assumeTrue(hasRedisPy(), PYTHON + " has no module redis: apt-get install python3-redis");
    }

    private static boolean hasRedisPy() throws InterruptedException {
        try {
            return new ProcessBuilder(PYTHON, "-c", "import redis")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aPythonPublisherIsHeard() throws Exception {
        try (Cli.Running listening =
                server.cli().start("listen", "--channel", "my_queue").awaitErr("listening")) {
            run("import redis; redis.Redis(port=%d).publish('my_queue', 'Hello, World!')");

            listening.awaitOut("Hello, World!\n");
        }
    }

    @Test
    void aPythonSubscriberHears() throws Exception {
        Process python = start("""
                import redis
                p = redis.Redis(port=%d).pubsub()
                p.subscribe('their_queue')
                for m in p.listen():
                    print(m['type'], m['data'].decode() if m['type'] == 'message' else '', flush=True)
                    if m['type'] == 'message':
                        break
                """);
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(python.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).startsWith("subscribe");

            assertThat(server.cli()
                            .run("publish", "--channel", "their_queue", "世界")
                            .out())
                    .isEqualTo("1\n");

            assertThat(out.readLine()).isEqualTo("message 世界");
            assertThat(python.waitFor()).isZero();
        } finally {
            python.destroyForcibly();
        }
    }

    @Test
    void aPythonXaddIsHandledAlsoBeforeHarkEverSawTheQueue() throws Exception {
        run("import redis; r = redis.Redis(port=%d);"
                + " [r.xadd('hark:{py}:ready', {'body': '{\"n\":%%d}' %% i}) for i in range(3)]");

        assertThat(server.cli().run("listen", "py", "--drain").lines())
                .containsExactly("{\"n\":0}", "{\"n\":1}", "{\"n\":2}");

        try (Cli.Running listening = server.cli().start("listen", "py").awaitErr("listening")) {
            run("import redis; redis.Redis(port=%d).xadd('hark:{py}:ready', {'body': 'live'})");
            listening.awaitOut("live\n");
            Awaitility.await().until(() -> server.figure("py", "done") == 4);
        }
        assertThat(server.figure("py", "published")).isEqualTo(4);
    }

    private static void run(String program) throws Exception {
        Process python = start(program);
        String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(output).isZero();
    }

    private static Process start(String program) throws IOException {
        List<String> command = new ArrayList<>(List.of(PYTHON, "-c"));
        command.add(String.format(program, server.server().port()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
