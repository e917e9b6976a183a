package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.DevServer;
import dev.hark.devserver.Fsync;
import dev.hark.devserver.ServerOptions;
import dev.hark.proof.Fault.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails under load. A killed process loses nothing that it wrote, since the system still has it; so the
 * append-only file is cut to what was synced.
 */
class PowerLossTest {

    /** How often the file is synced. */
    private static final long SYNC_MILLIS = 1_000;

    /** For so long a write may wait for a slow sync, after it was answered. What is older is safe. */
    private static final long EVERYSEC_MILLIS = 2_000;

    @TempDir
    private Path dir;

    /** No reply leaves before its write is synced, so nothing that anybody was told may be gone. */
    @Test
    void withAppendfsyncAlwaysNothingIsLost() throws Exception {
        Verdict verdict = play(
                Fsync.ALWAYS,
                (stage, file) -> stage.freezeAll(() -> {
                    long from = System.currentTimeMillis();
                    long synced = file.size(); // of all that was answered before, and perhaps more
                    file.loseAllAfter(synced);
                    stage.note(Kind.REDIS_KILLED, Fault.ALL, from);
                }));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.lostToPower()).isZero();
        assertThat(verdict.times("Redis killed")).isEqualTo(2);
        assertThat(verdict.times("rollbacks noticed")).isZero();
    }

    /**
     * What was acknowledged in the last two seconds may be gone, or come again, and nothing else. Only the system knows
     * where the last sync came to; all is taken that was written since the one that is due each second.
     */
    @Test
    void withAppendfsyncEverysecOnlyTheLastTwoSecondsAreAtRisk() throws Exception {
        Verdict verdict = play(Fsync.EVERYSEC, (stage, file) -> {
            long then = System.currentTimeMillis();
            long synced = file.size() + file.buffered(); // of all that was answered before, and perhaps more
            stage.await(() -> System.currentTimeMillis() - then >= SYNC_MILLIS);
            stage.freezeAll(() -> {
                long from = Math.min(then, System.currentTimeMillis() - EVERYSEC_MILLIS);
                file.loseAllAfterOrUnwritten(synced);
                stage.note(Kind.POWER_LOST, Fault.ALL, from);
            });
        });

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.times("power lost")).isEqualTo(2);
        assertThat(verdict.times("rollbacks noticed")).isPositive();
        assertThat(verdict.lostToPower()).isPositive();
    }

    private interface Blackout {
        void in(Stage stage, AppendOnlyFile file) throws Exception;
    }

    private Verdict play(Fsync fsync, Blackout blackout) throws Exception {
        Setting setting = new Setting("hark", Duration.ofSeconds(2), 20, 100);
        ServerOptions options = ServerOptions.defaults().appendOnly(fsync);
        try (DevServer server = DevServer.start(Login.withUsers(options, setting.prefix()));
                Stage stage = new Stage(Login.byRole(server.url(), setting.prefix()), setting, dir, List.of())) {
            AppendOnlyFile file = new AppendOnlyFile(server);
            stage.worker().await("ready", 1);
            stage.worker().await("ready", 1);
            stage.publisher(Load.of("p", 1, 500, "unlucky").until(100_000).perSecond(400));
            for (int i = 1; i <= 2; i++) {
                long enough = stage.info().done() + 200;
                stage.await(() -> stage.info().done() > enough);
                blackout.in(stage, file);
            }
            long enough = stage.info().done() + 200;
            stage.await(() -> stage.info().done() > enough);
            stage.stopPublishers();
            stage.awaitDrained(Scenario.PATIENCE);
            stage.stopWorkers();
            Verdict verdict = stage.verdict();
            System.out.println("appendfsync " + fsync + "\n" + verdict.text());
            return verdict;
        }
    }

    /** The append-only file of a server, in one part or several. */
    private static final class AppendOnlyFile {

        private final DevServer server;
        private long uncounted; // Redis counts its first part or does not

        AppendOnlyFile(DevServer server) {
            this.server = server;
            compare();
        }

        /** While nothing is written. */
        private void compare() {
            uncounted = Aof.of(server.dir()).size() - counted();
        }

        /** How long it is, as Redis says it: with {@code always}, that is synced. */
        long size() {
            return uncounted + counted();
        }

        /** What was answered and is yet to be written. */
        long buffered() {
            return info("aof_buffer_length:");
        }

        private long counted() {
            return info("aof_current_size:");
        }

        private long info(String name) {
            try (Admin admin = new Admin(URI.create(server.url()))) {
                return Admin.text(admin.call("INFO", "persistence"))
                        .lines()
                        .filter(line -> line.startsWith(name))
                        .mapToLong(line -> Long.parseLong(line.substring(name.length())))
                        .findFirst()
                        .orElseThrow();
            }
        }

        /** The power fails: what follows this length is gone, but for a torn write. */
        void loseAllAfter(long length) {
            server.kill();
            cut(length);
        }

        /** The same, where some of this length may never have been written. */
        void loseAllAfterOrUnwritten(long length) {
            server.kill();
            cut(Math.min(length, Aof.of(server.dir()).size()));
        }

        private void cut(long length) {
            Aof.of(server.dir()).cut(length, 7);
            server.restart();
            compare();
        }
    }
}
