package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import dev.hark.error.InvalidInputException;
import dev.hark.error.UnavailableException;
import dev.hark.error.UnsafeServerException;
import dev.hark.testing.FakeRedis;
import dev.hark.testing.Stranger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Which servers are trusted, and what is said of the others. */
class ConnectingTest {

    private static DevServer server(String policy) {
        return DevServer.start(
                ServerOptions.defaults().with("maxmemory", "100mb").with("maxmemory-policy", policy));
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://:s3cret@nosuch.invalid:6379", "redis-cluster://:s3cret@nosuch.invalid"})
    void aHostThatIsUnknownIsSaidToBe(String url) {
        assertThatThrownBy(() -> Hark.builder()
                        .url(url)
                        .connectTimeout(Duration.ofMillis(500))
                        .build())
                .isInstanceOf(UnavailableException.class)
                .hasMessageContainingAll("nosuch.invalid:6379", "its host is unknown")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-random"})
    void aServerThatEvictsIsRefusedAndNothingIsWritten(String policy) {
        try (DevServer server = server(policy);
                Stranger stranger = new Stranger(server)) {
            assertThatThrownBy(() -> Hark.connect(server.url()))
                    .isInstanceOf(UnsafeServerException.class)
                    .hasMessageContainingAll("127.0.0.1:" + server.port(), policy, "noeviction");
            assertThat(stranger.keys()).isEmpty();
            assertThat(stranger.others()).isZero();
        }
    }

    @Test
    void aServerThatEvictsIsAllowedByName() {
        try (DevServer server = server("allkeys-lru");
                Hark hark = Hark.builder().url(server.url()).allowEviction(true).build()) {
            hark.queue("mail", String.class).publish("hi");

            assertThat(hark.inspector().queue("mail").info().waiting()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatEvictsOnlyWhatExpiresIsWarnedOf() {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.hark.internal.redis.wire.ServerCheck");
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        logger.addAppender(said);
        logger.setLevel(Level.WARN);
        try (DevServer server = server("volatile-lru");
                Hark hark = Hark.connect(server.url())) {
            hark.queue("mail", String.class).publish("hi");

            assertThat(said.list)
                    .singleElement()
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .asString()
                    .contains("volatile-lru", "noeviction");
        } finally {
            logger.setLevel(null);
            logger.detachAppender(said);
        }
    }

    @Test
    void aServerThatLoadsItsDataIsWaitedForAndThenSaidToBe() throws IOException {
        try (FakeRedis loading = new FakeRedis("7.0.15", "loading:1")) {
            assertThatThrownBy(() -> Hark.builder()
                            .url(loading.url())
                            .connectTimeout(Duration.ofMillis(500))
                            .build())
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("is loading its data");
        }
    }

    @Test
    void aConnectionThatIsRefusedIsSaidWithinTheTime() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        long start = System.nanoTime();

        assertThatThrownBy(() -> Hark.builder()
                        .url("redis://:s3cret@127.0.0.1:" + port)
                        .connectTimeout(Duration.ofMillis(300))
                        .build())
                .isInstanceOf(UnavailableException.class)
                .hasMessageContainingAll("127.0.0.1:" + port, "Connection refused")
                .hasMessageNotContaining("s3cret");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(250), Duration.ofSeconds(5));
    }

    @Test
    void aServerThatComesUpInTimeIsWaitedFor() throws Exception {
        try (DevServer server = DevServer.start()) {
            server.kill();
            Thread starting = Thread.ofPlatform().start(server::restart);
            try (Hark hark = Hark.builder()
                    .url(server.url())
                    .connectTimeout(Duration.ofSeconds(30))
                    .build()) {
                assertThat(hark.inspector().queues()).isEmpty();
            }
            starting.join();
        }
    }

    @Test
    void aServerThatIsSilentIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long start = System.nanoTime();

            assertThatThrownBy(() -> Hark.connect("redis://127.0.0.1:" + silent.getLocalPort()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("127.0.0.1:" + silent.getLocalPort());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void aWrongPasswordIsSaidAtOnceAndNotShown() {
        try (DevServer server = DevServer.start(ServerOptions.defaults().password("right"))) {
            long start = System.nanoTime();

            assertThatThrownBy(() -> Hark.connect("redis://:s3cret@127.0.0.1:" + server.port()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContainingAll("127.0.0.1:" + server.port(), "WRONGPASS")
                    .hasMessageNotContaining("s3cret");
            assertThatThrownBy(() -> Hark.connect("redis://127.0.0.1:" + server.port()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("NOAUTH");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void userPasswordAndDatabaseOfTheUrlAreUsed() {
        try (DevServer server = DevServer.start(ServerOptions.defaults().with("user", "ann on >p%40ss ~* &* +@all"));
                Stranger stranger = new Stranger(server);
                Hark hark = Hark.connect("redis://ann:p%2540ss@127.0.0.1:" + server.port() + "/3")) {
            hark.queue("mail", String.class).publish("hi");

            assertThat(stranger.keys()).isEmpty();
            stranger.call("SELECT", 3);
            assertThat(stranger.keys()).contains("hark:{mail}:ready");
        }
    }

    @ParameterizedTest
    @CsvSource({"6.0.16, 6.0.16", "5.0.14, older than 6", "3.2.12, older than 6"})
    void aServerThatIsTooOldIsRefused(String version, String said) throws IOException {
        try (FakeRedis old = new FakeRedis(version)) {
            assertThatThrownBy(() -> Hark.connect(old.url()))
                    .isInstanceOf(UnsafeServerException.class)
                    .hasMessageContainingAll(said, "needs 6.2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.2.0", "8.0.1", "255.255.255"})
    void aServerThatIsNewEnoughIsAccepted(String version) throws IOException {
        try (FakeRedis fine = new FakeRedis(version);
                Hark hark = Hark.connect(fine.url())) {
            assertThat(hark).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:6379",
                "http://:s3cret@localhost",
                "redis://:s3cret@",
                "redis://:s3cret@host:port",
                "redis://:s3cret@localhost/mail",
                "redis://:s3 cret@localhost",
                "redis://s3cret@localhost"
            })
    void aUrlThatIsNoneIsRefusedWithoutItsPassword(String url) {
        assertThatThrownBy(() -> Hark.connect(url))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(url.replaceFirst("//.*@", "//***@"))
                .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain("s3cret", "s3 cret"));
    }

    @Test
    void badSettingsAreRefusedWithTheirValue() {
        assertThatThrownBy(() -> Hark.builder().lease(Duration.ofMillis(499)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("PT0.499S");
        assertThatThrownBy(() -> Hark.builder().prefix("a:b"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a:b");
        assertThatThrownBy(() -> Hark.builder().maxBody(-1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void prefixesKeepApplicationsApart() {
        try (DevServer server = DevServer.start();
                Hark one = Hark.builder().url(server.url()).prefix("one").build();
                Hark two = Hark.builder().url(server.url()).prefix("two").build()) {
            one.queue("mail", String.class).publish("hi");

            assertThat(one.inspector().queue("mail").info().waiting()).isEqualTo(1);
            assertThat(two.inspector().queues()).isEmpty();
        }
    }
}
