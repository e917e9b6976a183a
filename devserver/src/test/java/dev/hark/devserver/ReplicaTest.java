package dev.hark.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplicaTest {

    static Binary[] binaries() {
        return new Binary[] {Binary.bundled(), Binary.any()};
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void hasWhatItsMasterWrote(Binary binary) {
        ServerOptions options = ServerOptions.defaults().binary(binary).password("secret");
        try (DevServer master = DevServer.start(options);
                DevServer replica = DevServer.start(options.replicaOf(master.port()))) {
            master.tell("SET", "key", "value");

            replica.awaitInSyncWith(master);

            assertThat(replica.ask("GET", "key")).isEqualTo("value");
            assertThat(replica.ask("GET", "other")).isEmpty();
            assertThat(replica.ask("SET", "key", "other")).startsWith("-READONLY");
        }
    }

    @Test
    void isInSyncAgainAfterARestart() {
        try (DevServer master = DevServer.start();
                DevServer replica = DevServer.start(ServerOptions.defaults().replicaOf(master.port()))) {
            replica.awaitInSyncWith(master);
            replica.kill();
            master.tell("SET", "key", "written meanwhile");

            replica.restart();
            replica.awaitInSyncWith(master);

            assertThat(replica.ask("GET", "key")).isEqualTo("written meanwhile");
        }
    }

    @Test
    void refusesAPortThatDoesNotExist() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerOptions.defaults().replicaOf(65_536));
    }
}
