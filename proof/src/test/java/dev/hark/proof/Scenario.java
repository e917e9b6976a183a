package dev.hark.proof;

import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Small runs, each with one fault: what a verdict says of Hark as it is, and of Hark with a defence taken out. */
final class Scenario {

    static final Duration LEASE = Duration.ofMillis(700);
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Scenario() {}

    interface Play {
        void on(Stage stage) throws Exception;
    }

    static Verdict play(ServerOptions options, Setting setting, Path dir, List<Path> patches, Play play)
            throws Exception {
        String prefix = setting.prefix();
        try (DevServer server = DevServer.start(Login.withUsers(options, prefix));
                Stage stage = new Stage(Login.byRole(server.url(), prefix), setting, dir, patches)) {
            play.on(stage);
            Verdict verdict = stage.verdict();
            System.out.println(verdict.text());
            return verdict;
        }
    }

    static Verdict play(Path dir, List<Path> patches, Play play) throws Exception {
        return play(ServerOptions.defaults(), new Setting("hark", LEASE, 20, 3), dir, patches, play);
    }

    /** A worker is paused with five messages in its hands, and goes on after others have handled them. */
    static void pausedWorker(Stage stage) throws InterruptedException {
        Child victim = stage.worker();
        victim.await("ready", 1);
        stage.publisher(Load.of("p", 1, 5, "hold"));
        victim.await("holds", 5);
        Child heir = stage.worker();
        heir.await("ready", 1);
        stage.pause(victim, () -> stage.awaitDrained(PATIENCE));
        victim.say("go");
        stage.awaitPublishers();
        stage.awaitDrained(PATIENCE);
        stage.stopWorkers();
    }

    /** Replies to publishes are lost with their connections. */
    static void lostPublishReplies(Stage stage) throws InterruptedException {
        Child publisher = stage.publisher(Load.of("p", 1, 2_000, "plain").perSecond(2_000));
        publisher.proxy().loseReplies("accepted", 5);
        stage.worker().await("ready", 1);
        stage.awaitPublishers();
        stage.awaitDrained(PATIENCE);
        stage.stopWorkers();
    }

    /** A worker is killed with five messages in its hands, beside another one. */
    static void killedWorker(Stage stage, Duration patience) throws InterruptedException {
        Child victim = stage.worker();
        victim.await("ready", 1);
        stage.publisher(Load.of("p", 1, 5, "hold"));
        victim.await("holds", 5);
        stage.worker().await("ready", 1);
        stage.kill(victim);
        stage.awaitPublishers();
        stage.awaitDrained(patience);
        stage.stopWorkers();
    }

    /** The reply that brings messages is lost, and the session lives on. */
    static void lostClaimReply(Stage stage, Duration patience) throws InterruptedException {
        Child worker = stage.worker();
        worker.await("ready", 1);
        worker.proxy().loseReplies(" plain 0 ", 2);
        stage.publisher(Load.of("p", 1, 5, "plain"));
        stage.awaitPublishers();
        stage.awaitDrained(patience);
        worker.kill(); // closing would give back what it does not know of
    }

    /** A message ends each process that decodes it. */
    static void crashingBody(Stage stage, Duration patience) throws InterruptedException {
        stage.publisher(Load.of("p", 1, 1, "crash"));
        stage.awaitPublishers();
        for (int crashes = 0; crashes < 3; crashes++) {
            stage.awaitCrash(stage.worker());
        }
        Child last = stage.worker();
        last.await("ready", 1);
        boolean over = stage.awaitDrained(patience, last::alive);
        if (!last.alive()) {
            stage.awaitCrash(last);
        } else if (!over) {
            throw new IllegalStateException("neither handled nor crashed again");
        }
        stage.stopWorkers();
    }
}
