package dev.hark.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.Hark;
import dev.hark.admin.Role;
import dev.hark.devserver.DevSentinels;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import dev.hark.error.HarkException;
import dev.hark.error.UnavailableException;
import dev.hark.testing.Users;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A master with two replicas, watched by three sentinels. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SentinelTest {

    private DevSentinels redis;

    @BeforeAll
    void start() {
        redis = DevSentinels.start(Users.in(ServerOptions.defaults(), "hark"));
    }

    @AfterAll
    void stop() {
        redis.close();
    }

    private String url() {
        return Users.url(redis.url(), Role.ADMIN, "hark");
    }

    @Test
    void workGoesOnAfterAFailover() throws InterruptedException {
        DevServer before = redis.master();
        try (SteadyTraffic traffic = new SteadyTraffic(url(), "mail")) {
            traffic.awaitMore("mail", 100);

            redis.failover();

            assertThat(redis.master()).isNotSameAs(before);
            traffic.awaitMore("mail", 100);
        }
    }

    @Test
    void workGoesOnAfterTheMasterWasKilled() {
        try (SteadyTraffic traffic = new SteadyTraffic(url(), "mail", "more")) {
            traffic.awaitMore("mail", 100);

            redis.killMaster();

            traffic.awaitMore("mail", 100);
            traffic.awaitMore("more", 100);
        }
    }

    @Test
    void aSentinelThatIsDeadIsPassedOver() {
        String url = url().replaceFirst("@", "@127.0.0.1:1,");
        try (Hark hark = Hark.connect(url)) {
            hark.queue("passed", String.class).publish("hi");

            assertThat(hark.inspector().queue("passed").info().waiting()).isEqualTo(1);
        }
    }

    @Test
    void whoMayNotAskForTheRoleOfAServerIsRefused() {
        DevServer master = redis.master();
        Users.change(master, "hark", "-role");
        try {
            assertThatThrownBy(() -> Hark.builder()
                            .url(url())
                            .connectTimeout(Duration.ofSeconds(1))
                            .build()
                            .close())
                    .isInstanceOf(HarkException.class)
                    .hasStackTraceContaining("NOPERM");
        } finally {
            Users.change(master, "hark", "+role");
        }
    }

    @Test
    void aMasterThatNoSentinelKnowsIsSaid() {
        assertThatThrownBy(() -> Hark.builder()
                        .url(url().replaceFirst("master=.*", "master=nobody"))
                        .connectTimeout(Duration.ofSeconds(1))
                        .build())
                .isInstanceOf(UnavailableException.class)
                .hasMessageContainingAll("nobody", "does not know it");
    }
}
