package dev.hark.cli.queues;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.cli.Cli;
import dev.hark.cli.CliTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueuesCommandTest extends CliTest {

    @Test
    void saysSoWhereThereAreNone() {
        assertThat(server.cli().run("queues", "--json").out()).isEqualTo("[]\n");

        Cli.Result result = server.cli().run("queues");
        assertThat(result.code()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("no queues yet");
    }

    @Test
    void showsAllFiguresAsJson() {
        server.publish("mail", "a", "b");
        server.cli().run("publish", "mail", "c", "--delay", "1h");
        server.cli().run("publish", "archive", "d");
        server.cli().run("listen", "archive", "--drain", "--exec", "exit 65");

        assertThat(server.cli().run("queues", "--json").out())
                .matches("\\[\\{\"name\":\"archive\",\"waiting\":0,\"active\":0,\"later\":0,\"dead\":1,\"done\":0,"
                        + "\"published\":1,\"retried\":0,\"recovered\":0,\"refused\":0,\"deleted\":0,\"dropped\":0,\"copies\":0,\"sessions\":0,"
                        + "\"oldestWaiting\":null},"
                        + "\\{\"name\":\"mail\",\"waiting\":2,\"active\":0,\"later\":1,\"dead\":0,\"done\":0,"
                        + "\"published\":3,\"retried\":0,\"recovered\":0,\"refused\":0,\"deleted\":0,\"dropped\":0,\"copies\":0,\"sessions\":0,"
                        + "\"oldestWaiting\":\"20\\d\\d-[^\"]+Z\"}]\n");
    }

    @Test
    void setsWhatAQueueMayHold() {
        assertThat(server.cli().run("queues", "set", "mail").out())
                .isEqualTo("max length: none\noverflow:   reject\ndurability: memory\n");

        Cli.Result result = server.cli().run("queues", "set", "mail", "--max-length", "2", "--overflow", "drop-oldest");
        assertThat(result.out()).isEqualTo("max length: 2\noverflow:   drop-oldest\ndurability: memory\n");
        server.cli().run("publish", "mail", "a");
        server.cli().run("publish", "mail", "b");
        server.cli().run("publish", "mail", "c");
        assertThat(server.cli().run("listen", "mail", "--drain").out()).isEqualTo("b\nc\n");
        assertThat(server.cli().run("queues", "--json").out()).contains("\"dropped\":1");

        assertThat(server.cli()
                        .run("queues", "set", "mail", "--overflow", "reject", "--json")
                        .out())
                .isEqualTo("{\"maxLength\":2,\"overflow\":\"reject\",\"durability\":\"memory\",\"strict\":false}\n");
        server.cli().run("publish", "mail", "d");
        server.cli().run("publish", "mail", "e");
        Cli.Result full = server.cli().run("publish", "mail", "f");
        assertThat(full.code()).isEqualTo(1);
        assertThat(full.err()).contains("queue mail", "as many messages as it may: 2");
    }

    @Test
    void setsHowSafeMessagesShouldBe() {
        assertThat(server.cli()
                        .run("queues", "set", "mail", "--durability", "fsynced", "--strict")
                        .out())
                .endsWith("durability: fsynced, strict\n");

        Cli.Result strict = server.cli().run("publish", "mail", "a");
        assertThat(strict.code()).isEqualTo(1);
        assertThat(strict.err()).contains("reached only memory", "wanted fsynced");
        assertThat(server.cli().run("queues", "set", "mail", "--no-strict").out())
                .endsWith("durability: fsynced\n");
        assertThat(server.cli().run("publish", "mail", "b").code()).isZero();
        assertThat(server.cli()
                        .run("queues", "set", "mail", "--durability", "replicated(2)", "--json")
                        .out())
                .contains("\"durability\":\"replicated(2)\",\"strict\":false");
        assertThat(server.figure("mail", "waiting")).isEqualTo(2);
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        Cli.Result what = server.cli().run("queues", "set", "mail", "--overflow", "explode");
        assertThat(what.code()).isEqualTo(2);
        assertThat(what.err()).contains("'explode' is not one of reject, block, drop-oldest");
        Cli.Result length = server.cli().run("queues", "set", "mail", "--max-length", "-3");
        assertThat(length.code()).isEqualTo(2);
        assertThat(length.err()).contains("maxLength -3");
        Cli.Result level = server.cli().run("queues", "set", "mail", "--durability", "paper");
        assertThat(level.code()).isEqualTo(2);
        assertThat(level.err()).contains("durability 'paper' is not allowed");
        assertThat(server.cli().run("queues", "set", "mail").out()).contains("none");
    }

    @Test
    void aQueueThatCannotBeReadDoesNotHideTheOthers() {
        server.publish("mail", "a");
        server.publish("broken", "b");
        server.redis().call("DEL", "hark:{broken}:ready");
        server.redis().call("SET", "hark:{broken}:ready", "not Hark's");
        server.publish("raised", "c");
        server.redis().call("HSET", "hark:{raised}:stats", "layout", "v99");
        server.redis().call("SADD", "hark:queues", "no {name}");

        var ran = server.cli().run("queues", "--json");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).startsWith("[{\"name\":\"mail\",\"waiting\":1,").doesNotContain("broken", "raised");
        assertThat(ran.err()).contains("broken", "WRONGTYPE", "hark:{raised}:stats says layout 99", "no {name}");
    }

    @Test
    void showsATable() {
        server.publish("mail", "a", "b");
        server.publish("a-queue-with-a-longer-name", "a");

        List<String> lines = server.cli().run("queues").lines();

        assertThat(lines.get(0)).startsWith("QUEUE").contains("WAITING", "ACTIVE", "LATER", "DEAD", "DONE");
        assertThat(lines.get(1)).startsWith("a-queue-with-a-longer-name ");
        assertThat(lines.get(2)).startsWith("mail ");
        assertThat(lines.get(2).indexOf('2')).isEqualTo(lines.get(0).indexOf("WAITING") + "WAITING".length() - 1);
    }

    @Test
    void countsAListenerAsASession() {
        server.publish("mail", "a");
        try (Cli.Running listening = server.cli().start("listen", "mail").awaitErr("listening")) {
            assertThat(server.figure("mail", "sessions")).isEqualTo(1);
            assertThat(listening.stop().code()).isZero();
        }
        assertThat(server.figure("mail", "sessions")).isZero();
    }
}
