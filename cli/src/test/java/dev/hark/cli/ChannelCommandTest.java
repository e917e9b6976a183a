package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChannelCommandTest extends CliTest {

    @Test
    void hearsWhatAnyClientPublishes() {
        try (Cli.Running listening = server.cli()
                .start("listen", "--channel", "my_queue", "other")
                .awaitErr("listening on my_queue, other")) {
            assertThat(server.redis().number("PUBLISH", "my_queue", "Hello, World!"))
                    .isEqualTo(1);
            listening.awaitOut("Hello, World!\n");
            server.redis().call("PUBLISH", "other", "世界");
            listening.awaitOut("世界\n");

            assertThat(listening.stop().code()).isZero();
        }
    }

    @Test
    void hearsChannelsOfAPattern() {
        try (Cli.Running listening =
                server.cli().start("listen", "--pattern", "news.*", "--json").awaitErr("listening on news.*")) {
            server.redis().call("PUBLISH", "old.cn", "not this");
            server.redis().call("PUBLISH", "news.cn", "this");

            listening.awaitOut("\n");
            assertThat(listening.stop().out()).isEqualTo("{\"channel\":\"news.cn\",\"body\":\"this\"}\n");
        }
    }

    @Test
    void publishesToWhoeverHears() {
        try (Cli.Running listening =
                server.cli().start("listen", "--channel", "c").awaitErr("listening")) {
            assertThat(server.cli().run("publish", "--channel", "c", "Hello").out())
                    .isEqualTo("1\n");
            assertThat(server.cli()
                            .run("publish", "--channel", "c", "Hello", "--json")
                            .out())
                    .isEqualTo("{\"channel\":\"c\",\"receivers\":1}\n");
            assertThat(server.cli()
                            .in("a\nb\n")
                            .run("publish", "--channel", "c", "--lines")
                            .out())
                    .isEqualTo("1\n1\n");

            listening.awaitOut("Hello\nHello\na\nb\n");
        }
        assertThat(server.cli().run("publish", "--channel", "c", "Hello").out()).isEqualTo("0\n");
        assertThat(server.redis().number("DBSIZE")).isZero();
    }

    @Test
    void aClosedPipeEndsIt() {
        try (Cli.Running listening = server.cli()
                .out(Cli.closedPipe())
                .start("listen", "--channel", "c")
                .awaitErr("listening")) {
            server.redis().call("PUBLISH", "c", "x");

            assertThat(listening.await().code()).isZero();
        }
    }

    @Test
    void saysThatMessagesMayBeMissingAfterALostConnection() {
        try (Cli.Running listening =
                server.cli().start("listen", "--channel", "lossy").awaitErr("listening")) {
            server.server().restart();

            listening
                    .awaitErr("connection lost")
                    .awaitErr("connection regained")
                    .awaitErr("was not heard");
            org.awaitility.Awaitility.await().until(() -> server.redis().number("PUBLISH", "lossy", "again") == 1);
            listening.awaitOut("again\n");
        }
    }
}
