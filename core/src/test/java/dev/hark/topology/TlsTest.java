package dev.hark.topology;

import static dev.hark.topology.SteadyTraffic.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.Channel;
import dev.hark.Hark;
import dev.hark.Redis;
import dev.hark.Tls;
import dev.hark.admin.Role;
import dev.hark.devserver.Certificates;
import dev.hark.devserver.DevCluster;
import dev.hark.devserver.DevSentinels;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import dev.hark.error.InvalidInputException;
import dev.hark.error.UnavailableException;
import dev.hark.testing.Users;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that speak TLS, with certificates that are right and wrong. */
class TlsTest {

    @TempDir
    private static Path temp;

    private static Certificates certificates;
    private static Certificates others;

    @BeforeAll
    static void create() {
        certificates = Certificates.create(temp.resolve("right"));
        others = Certificates.create(temp.resolve("other"));
    }

    private static DevServer server(Certificates certificates, boolean clientCertificateRequired) {
        return DevServer.start(options(certificates, clientCertificateRequired));
    }

    private static ServerOptions options(Certificates certificates, boolean clientCertificateRequired) {
        return Users.in(ServerOptions.defaults().tls(certificates, clientCertificateRequired), "hark");
    }

    private static String asAdmin(String url) {
        return Users.url(url, Role.ADMIN, "hark");
    }

    private static Redis redis(DevServer server, Tls tls) {
        Redis asAdmin = Redis.of(asAdmin("rediss://localhost:" + server.port()));
        return asAdmin.tls(tls);
    }

    private static Hark connect(Redis redis) {
        return Hark.builder().redis(redis).connectTimeout(Duration.ofSeconds(2)).build();
    }

    @Test
    void allThatHarkDoesGoesOverTls() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        try (DevServer server = server(certificates, false);
                Hark hark = Hark.connect(asAdmin(server.url()) + "?ca=" + certificates.ca())) {
            hark.listener().handle(hark.queue("mail", String.class), heard::add).start();
            hark.queue("mail", String.class).publish("queued");
            Channel<String> news = hark.channel("news", String.class);
            news.subscribe(heard::add);
            news.publish("told");

            patiently().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder("queued", "told"));
        }
    }

    @Test
    void aCertificateIsShownToWhoAsksForOne() {
        Tls tls = Tls.DEFAULT.ca(certificates.ca());
        try (DevServer server = server(certificates, true)) {
            assertThatThrownBy(() -> connect(redis(server, tls))).isInstanceOf(UnavailableException.class);

            Certificates.Identity me = certificates.client();
            try (Hark hark = connect(redis(server, tls.certificate(me.certificate(), me.key())))) {
                hark.queue("mail", String.class).publish("hi");

                assertThat(hark.inspector().queue("mail").info().waiting()).isEqualTo(1);
            }
        }
    }

    @Test
    void anAuthorityThatIsNotTrustedIsRefused() {
        try (DevServer server = server(certificates, false)) {
            for (Tls tls : new Tls[] {Tls.DEFAULT, Tls.DEFAULT.ca(others.ca())}) {
                assertThatThrownBy(() -> connect(redis(server, tls)))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("TLS: ");
            }
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() {
        Certificates wrong = certificates.withServerFor("elsewhere.example.org");
        try (DevServer server = server(wrong, false)) {
            assertThatThrownBy(() -> connect(redis(server, Tls.DEFAULT.ca(certificates.ca()))))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("localhost");
        }
    }

    @Test
    void sentinelsAreAskedOverTlsAsWell() {
        try (DevSentinels sentinels = DevSentinels.start(options(certificates, false));
                Hark hark = Hark.connect(asAdmin(sentinels.url()) + "&ca=" + certificates.ca())) {
            hark.queue("mail", String.class).publish("hi");

            assertThat(hark.inspector().queue("mail").info().waiting()).isEqualTo(1);
        }
    }

    @Test
    void allNodesOfAClusterAreAskedOverTls() throws InterruptedException {
        try (DevCluster cluster = DevCluster.start(3, 0, options(certificates, false))) {
            String url = asAdmin(cluster.url()) + "?ca=" + certificates.ca();
            List<String> queues = cluster.masters().stream()
                    .map(master -> IntStream.iterate(0, i -> i + 1)
                            .mapToObj(i -> "mail" + i)
                            .filter(name -> cluster.masterOf("hark:{" + name + "}:ready") == master)
                            .findFirst()
                            .orElseThrow())
                    .toList();
            try (SteadyTraffic traffic = new SteadyTraffic(url, queues.toArray(String[]::new))) {
                for (String queue : queues) {
                    traffic.awaitMore(queue, 20);
                }
                int slot = DevCluster.slotOf("hark:{" + queues.get(0) + "}:ready");
                cluster.migrate(slot, cluster.masterOf("hark:{" + queues.get(1) + "}:ready"));
                traffic.awaitMore(queues.get(0), 20);
                traffic.finish();
                assertThat(traffic.again()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no PEM at all", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    void filesThatHoldNoCertificateAreNamed(String content) throws IOException {
        Path file = Files.writeString(temp.resolve("broken.pem"), content);
        assertThatThrownBy(() -> connect(Redis.single("localhost", 1).tls(Tls.DEFAULT.ca(file))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(file.toString());
        Certificates.Identity me = certificates.client();
        assertThatThrownBy(() -> connect(
                        Redis.single("localhost", 1).tls(Tls.DEFAULT.certificate(me.certificate(), me.certificate()))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(me.certificate().toString(), "PKCS #8");
        Path missing = temp.resolve("missing.pem");
        assertThatThrownBy(() -> connect(Redis.single("localhost", 1).tls(Tls.DEFAULT.ca(missing))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(missing.toString());
    }
}
