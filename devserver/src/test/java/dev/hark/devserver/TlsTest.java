package dev.hark.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TlsTest {

    private static final ServerOptions BUNDLED = ServerOptions.defaults().binary(Binary.bundled());

    @TempDir
    private static Path temp;

    private static Certificates certificates;

    @BeforeAll
    static void create() {
        certificates = Certificates.create(temp.resolve("with space"));
    }

    static Binary[] binaries() {
        return new Binary[] {Binary.bundled(), Binary.any()};
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void servesWhoTrustsItsAuthority(Binary binary) throws Exception {
        ServerOptions options = ServerOptions.defaults().binary(binary).tls(certificates, false);
        try (DevServer redis = DevServer.start(options)) {
            assertThat(redis.url()).isEqualTo("rediss://localhost:" + redis.port());
            assertThat(ping(redis, certificates, "localhost")).isEqualTo("+PONG");
            assertThat(ping(redis, certificates, "127.0.0.1")).isEqualTo("+PONG");
        }
    }

    @Test
    void isRefusedByWhoTrustsAnotherAuthority() {
        Certificates other = Certificates.create(temp.resolve("other"));
        try (DevServer redis = DevServer.start(BUNDLED.tls(certificates, false))) {
            assertThatThrownBy(() -> ping(redis, other, "localhost"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("PKIX path");
        }
    }

    @Test
    void isRefusedIfItSaysItIsOnAnotherHost() {
        Certificates elsewhere = certificates.withServerFor("elsewhere.example");
        try (DevServer redis = DevServer.start(BUNDLED.tls(elsewhere, false))) {
            assertThatThrownBy(() -> ping(redis, certificates, "localhost"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("localhost");
        }
    }

    @Test
    void turnsAwayClientsWithoutACertificateIfOneIsRequired() {
        try (DevServer redis = DevServer.start(BUNDLED.tls(certificates, true))) {
            assertThat(redis.ask("PING")).isEqualTo("PONG");
            assertThatThrownBy(() -> ping(redis, certificates, "localhost")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void isKilledStoppedAndRestartedAsWithoutTls() {
        try (DevServer redis = DevServer.start(BUNDLED.tls(certificates, true).password("secret"))) {
            redis.kill();
            redis.restart();
            assertThat(redis.ask("PING")).isEqualTo("PONG");

            redis.stop();
            assertThat(redis.isRunning()).isFalse();
        }
    }

    @Test
    void clustersSpeakTlsAmongThemselves() {
        try (DevCluster cluster = DevCluster.start(2, 1, BUNDLED.tls(certificates, true))) {
            DevServer from = cluster.masterOf("key");
            from.tell("SET", "key", "value");
            DevServer to = cluster.masters().stream()
                    .filter(master -> master != from)
                    .findFirst()
                    .orElseThrow();

            cluster.migrate(DevCluster.slotOf("key"), to);

            assertThat(to.ask("GET", "key")).isEqualTo("value");
            assertThat(cluster.url()).startsWith("rediss-cluster://127.0.0.1:");
        }
    }

    @Test
    void sentinelsSpeakTlsWithTheirServers() {
        try (DevSentinels all = DevSentinels.start(ServerOptions.defaults().tls(certificates, true))) {
            assertThat(all.master().ask("PING")).isEqualTo("PONG");
            assertThat(all.url()).startsWith("rediss-sentinel://127.0.0.1:");
        }
    }

    @Test
    void writesTheKeysOfServerAndClientAsPem() throws Exception {
        for (Certificates.Identity identity :
                new Certificates.Identity[] {certificates.server(), certificates.client()}) {
            Certificate certificate = read(identity.certificate());
            certificate.verify(read(certificates.ca()).getPublicKey());
            String pem = Files.readString(identity.key());
            assertThat(pem).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("\n-----END PRIVATE KEY-----\n");
            byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
            assertThat(KeyFactory.getInstance("EC")
                            .generatePrivate(new PKCS8EncodedKeySpec(key))
                            .getFormat())
                    .isEqualTo("PKCS#8");
        }
    }

    /** What the server answers to a client that shows no certificate, trusts this authority and checks the host. */
    private static String ping(DevServer redis, Certificates trusted, String host)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, Certificates.trust(read(trusted.ca())).getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(host, redis.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
        }
    }

    private static Certificate read(Path file) throws IOException, GeneralSecurityException {
        try (InputStream stream = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(stream);
        }
    }
}
