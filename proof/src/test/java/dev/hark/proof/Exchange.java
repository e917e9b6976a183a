package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.DeadLetter;
import dev.hark.Finding;
import dev.hark.Hark;
import dev.hark.Publish;
import dev.hark.PublishOptions;
import dev.hark.QueueInfo;
import dev.hark.UnavailableException;
import java.time.Duration;
import java.util.List;

/** What is said to Redis. */
enum Exchange {
    PUBLISH {
        @Override
        void run(Lane lane) throws Exception {
            lane.arm("publish");
            lane.publish(lane.hark, PublishOptions.NONE);
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
        }
    },
    PUBLISH_LATER {
        @Override
        void run(Lane lane) throws Exception {
            lane.arm("publish");
            lane.publish(lane.hark, Publish.after(Duration.ofMillis(1)));
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
        }
    },
    PUBLISH_LIMITED {
        @Override
        void run(Lane lane) throws Exception {
            lane.limit(lane.direct);
            lane.arm("publish");
            lane.publish(lane.hark, PublishOptions.NONE);
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
        }
    },
    CONFIGURE {
        @Override
        void run(Lane lane) throws Exception {
            lane.arm("configure");
            lane.untilItAnswers(() -> lane.limit(lane.hark));
            assertThat(lane.direct.inspector().settings("proof").maxLength()).isEqualTo(Lane.LIMIT);
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
        }
    },
    OPEN {
        @Override
        void run(Lane lane) throws Exception {
            lane.arm("open");
            try {
                lane.listen(lane.hark, "proof");
            } catch (UnavailableException e) {
                lane.listen(lane.hark, "proof");
            }
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.awaitDone();
        }
    },
    READ {
        @Override
        void run(Lane lane) throws Exception {
            lane.listen(lane.hark, "proof");
            lane.armWith("XREADGROUP");
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.awaitDone();
        }
    },
    CLAIM {
        @Override
        void run(Lane lane) throws Exception {
            lane.listen(lane.hark, "proof", "other");
            lane.arm("claim");
            lane.publishAtOnce(lane.direct, 5); // a read brings the first, and the script more
            lane.awaitDone();
        }
    },
    SETTLE {
        @Override
        void run(Lane lane) throws Exception {
            lane.listen(lane.hark, "proof");
            lane.arm("settle");
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.awaitDone();
        }
    },
    SETTLE_RETRY {
        @Override
        void run(Lane lane) throws Exception {
            lane.listenUnlucky(lane.hark);
            lane.arm("settle");
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.awaitDone();
        }
    },
    REVIVE {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishDead();
            lane.arm("revive");
            lane.untilItAnswers(() -> lane.hark.inspector().retryAllDead("proof"));
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
        }
    },
    DISCARD {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishDead();
            lane.arm("discard");
            lane.untilItAnswers(() -> lane.hark.inspector().deleteAllDead("proof"));
            lane.awaitCut();
        }

        @Override
        List<String> problems(Lane lane) {
            return sum(lane, 0, 1);
        }
    },
    SWEEP {
        @Override
        void run(Lane lane) throws Exception {
            lane.listen(lane.hark, "proof");
            lane.arm("sweep");
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.awaitDone();
        }
    },
    PROMOTE {
        @Override
        void run(Lane lane) throws Exception {
            lane.listen(lane.hark, "proof");
            lane.arm("promote");
            lane.publish(lane.direct, Publish.after(Duration.ofMillis(1)));
            lane.awaitDone();
        }
    },
    TAKEOVER {
        @Override
        void run(Lane lane) throws Exception {
            lane.publish(lane.direct, PublishOptions.NONE);
            String ready = lane.prefix + ":{proof}:ready";
            try (Admin admin = lane.admin()) {
                admin.call("XGROUP", "CREATE", ready, "hark", "0");
                admin.call("XREADGROUP", "GROUP", "hark", "a-ghost", "STREAMS", ready, ">");
            }
            lane.arm("takeover");
            lane.listen(lane.hark, "proof");
            lane.awaitDone();
        }
    },
    CLOSE {
        @Override
        void run(Lane lane) throws Exception {
            try (Hark closing = lane.connect(Duration.ofMillis(200))) {
                lane.listenInVain(closing);
                lane.publish(lane.direct, PublishOptions.NONE);
                await().until(() -> lane.direct.inspector().queue("proof").active() == 1);
                lane.arm("takeover"); // at the deadline, of what its handler does not end with
            }
            lane.listen(lane.direct, "proof");
            lane.awaitDone();
            try (Admin admin = lane.admin()) {
                String queue = lane.prefix + ":{proof}:";
                await().until(() -> admin.call("ZCARD", queue + "sessions").equals(1L));
                await().until(() -> ((List<?>) admin.call("XINFO", "CONSUMERS", queue + "ready", "hark")).size() == 1);
            }
        }
    },
    INFO {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishAndHandle();
            lane.arm("info");
            assertThat(lane.answerOf(() -> lane.hark.inspector().queue("proof")))
                    .isEqualTo(lane.direct.inspector().queue("proof"));
            lane.awaitCut();
        }
    },
    FIND_DEAD {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishDead();
            String id = lane.direct.inspector().dead("proof", null, 1).get(0).id();
            lane.arm("find_dead");
            assertThat(lane.answerOf(() -> lane.hark.inspector().deadLetter("proof", id)))
                    .map(DeadLetter::id)
                    .contains(id);
            lane.awaitCut();
        }

        @Override
        List<String> problems(Lane lane) {
            return sum(lane, 1, 0);
        }
    },
    EXAMINE {
        @Override
        void run(Lane lane) throws Exception {
            lane.publish(lane.direct, PublishOptions.NONE);
            lane.arm("examine");
            assertThat(lane.answerOf(() -> lane.hark.inspector().diagnose().findings()))
                    .filteredOn(finding -> "proof".equals(finding.queue()))
                    .extracting(Finding::id)
                    .containsExactly("nobody-listens");
            lane.awaitCut();
        }

        @Override
        List<String> problems(Lane lane) {
            return sum(lane, 0, 0);
        }
    },
    WEIGH {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishMissing();
            lane.arm("weigh");
            assertThat(lane.answerOf(() -> lane.missing(lane.hark))).hasSize(1);
            lane.awaitCut();
        }

        @Override
        List<String> problems(Lane lane) {
            return sum(lane, 0, 0);
        }
    },
    WRITE_OFF {
        @Override
        void run(Lane lane) throws Exception {
            lane.publishMissing();
            Finding missing = lane.missing(lane.direct).get(0);
            lane.arm("write_off");
            lane.untilItAnswers(() -> lane.hark.inspector().repair(missing));
            assertThat(lane.missing(lane.direct)).isEmpty();
            lane.awaitCut();
        }

        @Override
        List<String> problems(Lane lane) {
            return sum(lane, 0, 1);
        }
    };

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
