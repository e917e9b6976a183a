package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Publish;
import dev.hark.PublishOptions;
import dev.hark.QueueInfo;
import dev.hark.UnavailableException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
            assertThat(lane.cut.happened().await(30, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        List<String> problems(Lane lane) {
            QueueInfo info = lane.direct.inspector().queue("proof");
            return info.dead() == 0 && info.deleted() == 1 && info.published() == 1
                    ? List.of()
                    : List.of("not discarded once: " + info);
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
            try (Admin admin = new Admin(URI.create(lane.url()))) {
                admin.call("XGROUP", "CREATE", ready, "hark", "0");
                admin.call("XREADGROUP", "GROUP", "hark", "a-ghost", "STREAMS", ready, ">");
            }
            lane.arm("takeover");
            lane.listen(lane.hark, "proof");
            lane.awaitDone();
        }
    };

    abstract void run(Lane lane) throws Exception;

    List<String> problems(Lane lane) {
        return lane.verdict().problems();
    }
}
