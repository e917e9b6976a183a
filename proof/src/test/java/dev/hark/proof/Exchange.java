package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.Publish;
import dev.hark.PublishOptions;
import dev.hark.admin.DeadLetter;
import dev.hark.admin.Finding;
import dev.hark.admin.QueueInfo;
import dev.hark.error.UnavailableException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said to Redis. */
enum Exchange {
    PUBLISH("publish") {
        @Override
        void run(Trial trial) throws Exception {
            trial.arm(script);
            trial.publish(trial.hark, PublishOptions.NONE);
            trial.listen(trial.direct, "proof");
            trial.awaitDone();
        }
    },
    PUBLISH_LATER("publish") {
        @Override
        void run(Trial trial) throws Exception {
            trial.arm(script);
            trial.publish(trial.hark, Publish.after(Duration.ofMillis(1)));
            trial.listen(trial.direct, "proof");
            trial.awaitDone();
        }
    },
    PUBLISH_LIMITED("publish") {
        @Override
        void run(Trial trial) throws Exception {
            trial.limit(trial.direct);
            trial.arm(script);
            trial.publish(trial.hark, PublishOptions.NONE);
            trial.listen(trial.direct, "proof");
            trial.awaitDone();
        }
    },
    CONFIGURE("configure") {
        @Override
        void run(Trial trial) throws Exception {
            trial.arm(script);
            trial.untilItAnswers(() -> trial.limit(trial.hark));
            assertThat(trial.direct.inspector().queue("proof").settings().maxLength())
                    .isEqualTo(Trial.LIMIT);
            trial.publish(trial.direct, PublishOptions.NONE);
            trial.listen(trial.direct, "proof");
            trial.awaitDone();
        }
    },
    OPEN("open") {
        @Override
        void run(Trial trial) throws Exception {
            trial.arm(script);
            try {
                trial.listen(trial.hark, "proof");
            } catch (UnavailableException e) {
                trial.listen(trial.hark, "proof");
            }
            trial.publish(trial.direct, PublishOptions.NONE);
            trial.awaitDone();
        }
    },
    READ(null) {
        @Override
        void run(Trial trial) throws Exception {
            trial.listen(trial.hark, "proof");
            trial.armWith("XREADGROUP");
            trial.publish(trial.direct, PublishOptions.NONE);
            trial.publish(trial.direct, PublishOptions.NONE);
            trial.awaitDone();
        }
    },
    CLAIM("claim") {
        @Override
        void run(Trial trial) throws Exception {
            trial.listen(trial.hark, "proof", "other");
            trial.arm(script);
            trial.publishAtOnce(trial.direct, 5); // a read brings the first, and the script more
            trial.awaitDone();
        }
    },
    SETTLE("settle") {
        @Override
        void run(Trial trial) throws Exception {
            trial.listen(trial.hark, "proof");
            trial.arm(script);
            trial.publish(trial.direct, PublishOptions.NONE);
            trial.awaitDone();
        }
    },
    SETTLE_RETRY("settle") {
        @Override
        void run(Trial trial) throws Exception {
            trial.listenUnlucky(trial.hark);
            trial.arm(script);
            trial.publish(trial.direct, PublishOptions.NONE);
            trial.awaitDone();
        }
    },
    REVIVE("revive") {
        @Override
        void run(Trial trial) throws Exception {
            trial.publishDead();
            trial.arm(script);
            trial.untilItAnswers(
                    () -> trial.hark.inspector().queue("proof").dead().retryAll());
            trial.listen(trial.direct, "proof");
            trial.awaitDone();
        }
    },
    DISCARD("discard") {
        @Override
        void run(Trial trial) throws Exception {
            trial.publishDead();
            trial.arm(script);
            trial.untilItAnswers(
                    () -> trial.hark.inspector().queue("proof").dead().deleteAll());
        }

        @Override
        List<String> problems(Trial trial) {
            return sum(trial, 0, 1);
        }
    },
    SWEEP("sweep") {
        @Override
        void run(Trial trial) throws Exception {
            trial.listen(trial.hark, "proof");
            trial.arm(script);
            trial.publish(trial.direct, PublishOptions.NONE);
            trial.awaitDone();
        }
    },
    PROMOTE("promote") {
        @Override
        void run(Trial trial) throws Exception {
            trial.listen(trial.hark, "proof");
            trial.arm(script);
            trial.publish(trial.direct, Publish.after(Duration.ofMillis(1)));
            trial.awaitDone();
        }
    },
    TAKEOVER("takeover") {
        @Override
        void run(Trial trial) throws Exception {
            trial.publish(trial.direct, PublishOptions.NONE);
            String ready = trial.prefix + ":{proof}:ready";
            try (Admin admin = trial.admin()) {
                admin.call("XGROUP", "CREATE", ready, "hark", "0");
                admin.call("XREADGROUP", "GROUP", "hark", "a-ghost", "STREAMS", ready, ">");
            }
            trial.arm(script);
            trial.listen(trial.hark, "proof");
            trial.awaitDone();
        }
    },
    CLOSE("takeover") {
        @Override
        void run(Trial trial) throws Exception {
            try (Hark closing = trial.connect(Duration.ofMillis(200))) {
                trial.listenInVain(closing);
                trial.publish(trial.direct, PublishOptions.NONE);
                Trial.patiently()
                        .until(() ->
                                trial.direct.inspector().queue("proof").info().active() == 1);
                trial.arm(script); // at the deadline, of what its handler does not end with
            }
            trial.listen(trial.direct, "proof");
            trial.awaitDone();
            try (Admin admin = trial.admin()) {
                String queue = trial.prefix + ":{proof}:";
                Trial.patiently()
                        .until(() -> admin.call("ZCARD", queue + "sessions").equals(1L));
                Trial.patiently()
                        .until(() -> ((List<?>) admin.call("XINFO", "CONSUMERS", queue + "ready", "hark")).size() == 1);
            }
        }
    },
    INFO("info") {
        @Override
        void run(Trial trial) throws Exception {
            trial.publishAndHandle();
            trial.arm(script);
            assertThat(trial.answerOf(
                            () -> trial.hark.inspector().queue("proof").info()))
                    .isEqualTo(trial.direct.inspector().queue("proof").info());
        }
    },
    LIST_DEAD("list_dead") {
        @Override
        void run(Trial trial) throws Exception {
            String id = trial.publishDead();
            trial.arm(script);
            assertThat(trial.answerOf(
                            () -> trial.hark.inspector().queue("proof").dead().list(10)))
                    .extracting(DeadLetter::id)
                    .containsExactly(id);
        }

        @Override
        List<String> problems(Trial trial) {
            return sum(trial, 1, 0);
        }
    },
    FIND_DEAD("find_dead") {
        @Override
        void run(Trial trial) throws Exception {
            String id = trial.publishDead();
            trial.arm(script);
            assertThat(trial.answerOf(
                            () -> trial.hark.inspector().queue("proof").dead().find(id)))
                    .map(DeadLetter::id)
                    .contains(id);
        }

        @Override
        List<String> problems(Trial trial) {
            return sum(trial, 1, 0);
        }
    },
    EXAMINE("examine") {
        @Override
        void run(Trial trial) throws Exception {
            trial.publish(trial.direct, PublishOptions.NONE);
            trial.arm(script);
            assertThat(trial.answerOf(() -> trial.hark.inspector().diagnose().findings()))
                    .filteredOn(finding -> "proof".equals(finding.queue()))
                    .extracting(Finding::id)
                    .containsExactly("nobody-listens");
        }

        @Override
        List<String> problems(Trial trial) {
            return sum(trial, 0, 0);
        }
    },
    WEIGH("weigh") {
        @Override
        void run(Trial trial) throws Exception {
            trial.publishMissing();
            trial.arm(script);
            assertThat(trial.answerOf(() -> trial.missing(trial.hark))).hasSize(1);
        }

        @Override
        List<String> problems(Trial trial) {
            return sum(trial, 0, 0);
        }
    },
    WRITE_OFF("write_off") {
        @Override
        void run(Trial trial) throws Exception {
            trial.publishMissing();
            Finding missing = trial.missing(trial.direct).get(0);
            trial.arm(script);
            trial.untilItAnswers(() -> trial.hark.inspector().repair(missing));
            assertThat(trial.missing(trial.direct)).isEmpty();
        }

        @Override
        List<String> problems(Trial trial) {
            return sum(trial, 0, 1);
        }
    };

    /** What is cut; null where that is no script. */
    final @Nullable String script;

    Exchange(@Nullable String script) {
        this.script = script;
    }

    abstract void run(Trial trial) throws Exception;

    List<String> problems(Trial trial) {
        return trial.verdict().problems();
    }

    /** Of one that was published and never handled. */
    private static List<String> sum(Trial trial, long dead, long deleted) {
        QueueInfo info = trial.direct.inspector().queue("proof").info();
        return info.published() == 1 && info.done() == 0 && info.dead() == dead && info.deleted() == deleted
                ? List.of()
                : List.of("not " + dead + " dead and " + deleted + " deleted: " + info);
    }
}
