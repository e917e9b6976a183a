package dev.hark.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServerOptionsTest {

    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    @Test
    void refusesPortsThatDoNotExist() {
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.port(65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.port(-1));
    }

    @Test
    void refusesMoreThanOneLineOfConfiguration() {
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.with("maxmemory", "1mb\nport 1"));
    }

    @Test
    void leavesTheOriginalAsItWas() {
        DEFAULTS.port(1).with("maxmemory", "1mb").password("secret");

        assertThat(DEFAULTS).isEqualTo(ServerOptions.defaults());
        assertThat(DEFAULTS.config()).isEmpty();
    }

    @Test
    void doesNotShowThePassword() {
        assertThat(DEFAULTS.password("secret")).asString().doesNotContain("secret");
    }

    @Test
    void keepsAnAppendOnlyFileOnlyWhereDataIsKept() {
        Path dir = Path.of("/data");

        assertThat(DEFAULTS.redisConf(1, dir)).doesNotContain("appendonly");
        assertThat(DEFAULTS.dir(dir).redisConf(1, dir)).contains("appendonly yes\n");
        assertThat(DEFAULTS.appendOnly(Fsync.ALWAYS).redisConf(1, dir))
                .contains("appendonly yes\nappendfsync always\n");
    }

    @Test
    void aReplicaGivesThePasswordThatItAsksFor() {
        assertThat(DEFAULTS.replicaOf(7000).password("secret").redisConf(1, Path.of("/data")))
                .contains("replicaof 127.0.0.1 7000\n", "requirepass \"secret\"\n", "masterauth \"secret\"\n");
    }

    @Test
    void givenLinesWinOverThoseOfATopology() {
        assertThat(DEFAULTS.with("cluster-node-timeout", "500")
                        .first("cluster-node-timeout", "2000")
                        .redisConf(1, Path.of("/data")))
                .endsWith("\ncluster-node-timeout 2000\ncluster-node-timeout 500\n");
    }

    @Test
    void putsGivenLinesLast() {
        assertThat(DEFAULTS.with("appendonly", "no").redisConf(1, Path.of("/data")))
                .endsWith("\nappendonly no\n");
    }
}
