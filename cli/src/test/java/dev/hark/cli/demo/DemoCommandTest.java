package dev.hark.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.cli.Cli;
import dev.hark.cli.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {

    @Test
    void showsTheMainJobOnARedisOfItsOwn() {
        Cli.Result result =
                new Cli().env("HARK_REDIS", "redis://127.0.0.1:1").run("demo", "--messages", "1000", "--json");

        assertThat(result.err()).contains("started Redis").doesNotContain("\u001b");
        assertThat(result.code()).isZero();
        assertThat(result.lines())
                .singleElement()
                .asString()
                .matches("\\{\"published\":1000,\"handled\":995,\"retried\":10,\"dead\":5,\"lost\":0,"
                        + "\"seconds\":[\\d.]+,\"messagesPerSecond\":\\d+}");
    }

    @Test
    void showsATableToPeople() {
        Cli.Result result = new Cli().terminal(80).run("demo", "--messages", "200");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("QUEUE")
                .contains("mail", "reports", "archive", "\n\n200 published, 195 handled, 5 dead, 0 lost");
        assertThat(result.err()).contains("[=").endsWith("\r\u001b[K");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 6})
    void fewMessagesAreFineToo(int messages) {
        try (TestServer server = TestServer.start()) {
            Cli.Result result = new Cli()
                    .run("demo", "--messages", Integer.toString(messages), "--json", "--redis", server.demoUrl());

            int dead = Math.min(5, messages);
            assertThat(result.code()).isZero();
            assertThat(result.out())
                    .startsWith("{\"published\":" + messages + ",\"handled\":" + (messages - dead)
                            + ",\"retried\":0,\"dead\":" + dead + ",\"lost\":0,");
        }
    }

    @Test
    void leavesNothingOnAGivenRedisAndTouchesNothingElse() {
        try (TestServer server = TestServer.start()) {
            server.publish("mail", "mine");
            long before = server.redis().number("DBSIZE");

            Cli.Result result = new Cli().run("demo", "--messages", "300", "--redis", server.demoUrl());

            assertThat(result.code()).isZero();
            assertThat(result.err()).doesNotContain("started Redis");
            assertThat(server.redis().list("KEYS", "hark-demo*")).isEmpty();
            assertThat(server.redis().number("DBSIZE")).isEqualTo(before);
            assertThat(server.figure("mail", "waiting")).isEqualTo(1);
        }
    }

    @Test
    void leavesNothingWhenStopped() {
        try (TestServer server = TestServer.start()) {
            Cli.Running demo = new Cli().start("demo", "--messages", "1000000", "--json", "--redis", server.demoUrl());
            org.awaitility.Awaitility.await()
                    .until(() -> !server.redis().list("KEYS", "hark-demo*").isEmpty());

            Cli.Result result = demo.stop();

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("ended early");
            assertThat(result.out()).contains("\"lost\":0");
            assertThat(server.redis().list("KEYS", "hark-demo*")).isEmpty();
        }
    }
}
