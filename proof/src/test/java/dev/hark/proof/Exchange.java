package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.DeadLetter;
import dev.hark.Finding;
import dev.hark.Hark;
import dev.hark.Publish;
import dev.hark.PublishOptions;
import dev.hark.QueueInfo;
import dev.hark.UnavailableException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said to Redis. */
enum Exchange {
    PUBLISH("publish") {
        @Override
        void run(Lane lane) throws Exception {
            lane.arm(script);
            lane.publish(lane.hark, PublishOptions.NONE);
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
        }
    },
    PUBLISH_LATER("publish") {
        @Override
        void run(Lane lane) throws Exception {
            lane.arm(script);
            lane.publish(lane.hark, Publish.after(Duration.ofMillis(1)));
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
        }
    },
    PUBLISH_LIMITED("publish") {
        @Override
        void run(Lane lane) throws Exception {
            lane.limit(lane.direct);
            lane.arm(script);
            lane.publish(lane.hark, PublishOptions.NONE);
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
        }
    },
    CONFIGURE("configure") {
        @Override
        void run(Lane lane) throws Exception {
            lane.arm(script);
            lane.untilItAnswers(() -> lane.limit(lane.hark));
            assertThat(lane.direct.inspector().settings("proof").maxLength()).isEqualTo(Lane.LIMIT);
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
        }
    },
    OPEN("open") {
        @Override
        void run(Lane lane) throws Exception {
            lane.arm(script);
            try {
                lane.listen(lane.hark, "proof");
            } catch (UnavailableException e) {
                lane.listen(lane.hark, "proof");
            }
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.awaitDone();
        }
    },
    READ(null) {
        @Override
        void run(Lane lane) throws Exception {
            lane.listen(lane.hark, "proof");
            lane.armWith("XREADGROUP");
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.awaitDone();
        }
    },
    CLAIM("claim") {
        @Override
        void run(Lane lane) throws Exception {
            lane.listen(lane.hark, "proof", "other");
            lane.arm(script);
            lane.publishAtOnce(lane.direct, 5); // a read brings the first, and the script more
            lane.awaitDone();
        }
    },
    SETTLE("settle") {
        @Override
        void run(Lane lane) throws Exception {
            lane.listen(lane.hark, "proof");
            lane.arm(script);
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.awaitDone();
        }
    },
    SETTLE_RETRY("settle") {
        @Override
        void run(Lane lane) throws Exception {
            lane.listenUnlucky(lane.hark);
            lane.arm(script);
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.awaitDone();
        }
    },
    REVIVE("revive") {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishDead();
            lane.arm(script);
            lane.untilItAnswers(() -> lane.hark.inspector().retryAllDead("proof"));
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
        }
    },
    DISCARD("discard") {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishDead();
            lane.arm(script);
            lane.untilItAnswers(() -> lane.hark.inspector().deleteAllDead("proof"));
        }

        @Override
        List<String> problems(Lane lane) {
            return sum(lane, 0, 1);
        }
    },
    SWEEP("sweep") {
        @Override
        void run(Lane lane) throws Exception {
            lane.listen(lane.hark, "proof");
            lane.arm(script);
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.awaitDone();
        }
    },
    PROMOTE("promote") {
        @Override
        void run(Lane lane) throws Exception {
            lane.listen(lane.hark, "proof");
            lane.arm(script);
            lane.publish(lane.direct, Publish.after(Duration.ofMillis(1)));
            lane.awaitDone();
        }
    },
    TAKEOVER("takeover") {
        @Override
        void run(Lane lane) throws Exception {
            lane.publish(lane.direct, PublishOptions.NONE);
            String ready = lane.prefix + ":{proof}:ready";
            try (Admin admin = lane.admin()) {
                admin.call("XGROUP", "CREATE", ready, "hark", "0");
                admin.call("XREADGROUP", "GROUP", "hark", "a-ghost", "STREAMS", ready, ">");
            }
            lane.arm(script);
            lane.listen(lane.hark, "proof");
            lane.awaitDone();
        }
    },
    CLOSE("takeover") {
        @Override
        void run(Lane lane) throws Exception {
            try (Hark closing = lane.connect(Duration.ofMillis(200))) {
                lane.listenInVain(closing);
                lane.publish(lane.direct, PublishOptions.NONE);
                Lane.patiently()
                        .until(() -> lane.direct.inspector().queue("proof").active() == 1);
                lane.arm(script); // at the deadline, of what its handler does not end with
            }
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
            try (Admin admin = lane.admin()) {
                String queue = lane.prefix + ":{proof}:";
                Lane.patiently()
                        .until(() -> admin.call("ZCARD", queue + "sessions").equals(1L));
                Lane.patiently()
                        .until(() -> ((List<?>) admin.call("XINFO", "CONSUMERS", queue + "ready", "hark")).size() == 1);
            }
        }
    },
    INFO("info") {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishAndHandle();
            lane.arm(script);
            assertThat(lane.answerOf(() -> lane.hark.inspector().queue("proof")))
                    .isEqualTo(lane.direct.inspector().queue("proof"));
        }
    },
    LIST_DEAD("list_dead") {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishDead();
            String id = lane.direct.inspector().dead("proof", null, 1).get(0).id();
            lane.arm(script);
            assertThat(lane.answerOf(() -> lane.hark.inspector().dead("proof", null, 10)))
                    .extracting(DeadLetter::id)
                    .containsExactly(id);
        }

        @Override
        List<String> problems(Lane lane) {
            return sum(lane, 1, 0);
        }
    },
    FIND_DEAD("find_dead") {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishDead();
            String id = lane.direct.inspector().dead("proof", null, 1).get(0).id();
            lane.arm(script);
            assertThat(lane.answerOf(() -> lane.hark.inspector().deadLetter("proof", id)))
                    .map(DeadLetter::id)
                    .contains(id);
        }

        @Override
        List<String> problems(Lane lane) {
            return sum(lane, 1, 0);
        }
    },
    EXAMINE("examine") {
        @Override
        void run(Lane lane) throws Exception {
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.arm(script);
            assertThat(lane.answerOf(() -> lane.hark.inspector().diagnose().findings()))
                    .filteredOn(finding -> "proof".equals(finding.queue()))
                    .extracting(Finding::id)
                    .containsExactly("nobody-listens");
        }

        @Override
        List<String> problems(Lane lane) {
            return sum(lane, 0, 0);
        }
    },
    WEIGH("weigh") {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishMissing();
            lane.arm(script);
            assertThat(lane.answerOf(() -> lane.missing(lane.hark))).hasSize(1);
        }

        @Override
        List<String> problems(Lane lane) {
            return sum(lane, 0, 0);
        }
    },
    WRITE_OFF("write_off") {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishMissing();
            Finding missing = lane.missing(lane.direct).get(0);
            lane.arm(script);
            lane.untilItAnswers(() -> lane.hark.inspector().repair(missing));
            assertThat(lane.missing(lane.direct)).isEmpty();
        }

        @Override
        List<String> problems(Lane lane) {
            return sum(lane, 0, 1);
        }
    };

    /** What is cut; null where that is no script. */
    final @Nullable String script;

    Exchange(@Nullable String script) {
        this.script = script;
    }

    abstract void run(Lane lane) throws Exception;

    List<String> problems(Lane lane) {
        return lane.verdict().problems();
    }

    /** Of one that was published and never handled. */
    private static List<String> sum(Lane lane, long dead, long deleted) {
        QueueInfo info = lane.direct.inspector().queue("proof");
        return info.published() == 1 && info.done() == 0 && info.dead() == dead && info.deleted() == deleted
                ? List.of()
                : List.of("not " + dead + " dead and " + deleted + " deleted: " + info);
    }
}
