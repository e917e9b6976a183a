package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests of commands on a redis-server that their class has for itself, and that holds nothing before each of them. */
public abstract class CliTest {

    protected static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void flush() {
        server.redis().call("FLUSHALL");
    }

    /** Runs a command for all that a queue holds. */
    protected static Cli.Result exec(String queue, String command, String... options) {
        String[] args = new String[options.length + 5];
        List<String> start = List.of("listen", queue, "--drain", "--exec", command);
        for (int i = 0; i < args.length; i++) {
            args[i] = i < start.size() ? start.get(i) : options[i - start.size()];
        }
        return server.cli().run(args);
    }

    /** Takes the bodies of all that a queue holds. */
    protected static List<String> listen(String queue) {
        Cli.Result result = server.cli().run("listen", queue, "--drain");
        assertThat(result.code()).isZero();
        return result.lines();
    }

    /** A text in an object. */
    protected static String field(String json, String name) {
        return json.strip().replaceFirst(".*\"" + name + "\":\"([^\"]*)\".*", "$1");
    }
}
