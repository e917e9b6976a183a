package dev.hark.devserver;

import java.util.List;
import java.util.Objects;

/**
 * How a server speaks TLS, and nothing else, with clients and other servers.
 *
 * @param clientCertificateRequired whether it turns away clients that show no certificate of the authority
 */
public record Tls(Certificates certificates, boolean clientCertificateRequired) {

    public Tls {
        Objects.requireNonNull(certificates, "certificates");
    }

    List<String> lines(int port) {
        return List.of(
                "port 0",
                "tls-port " + port,
                "tls-cert-file "
                        + Conf.quoted(certificates.server().certificate().toString()),
                "tls-key-file " + Conf.quoted(certificates.server().key().toString()),
                "tls-ca-cert-file " + Conf.quoted(certificates.ca().toString()),
                "tls-auth-clients " + (clientCertificateRequired ? "yes" : "no"),
                "tls-replication yes",
                "tls-cluster yes");
    }
}
