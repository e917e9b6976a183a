package dev.hark.internal.redis.wire;

import dev.hark.Tls;
import dev.hark.error.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/** Reads certificates and keys from PEM files. */
final class Pem {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final String TYPE = "PKCS12";
    private static final char[] PASSWORD = "never leaves memory".toCharArray();
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private Pem() {}

    /** What the client needs to trust and to show what the files say. */
    static SslOptions options(Tls tls) {
        SslOptions.Builder options = SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL); // the host's name, too
        try {
            if (tls.ca() != null) {
                KeyStore store = empty();
                int i = 0;
                for (Certificate certificate : certificates(tls.ca())) {
                    store.setCertificateEntry("ca" + i++, certificate);
                }
                options.trustStoreType(TYPE).truststore(packed(store), PASSWORD);
            }
            if (tls.certificate() != null && tls.key() != null) {
                KeyStore store = empty();
                Certificate[] chain = certificates(tls.certificate()).toArray(new Certificate[0]);
                store.setKeyEntry("client", key(tls.key()), PASSWORD, chain);
                options.keyStoreType(TYPE).keystore(packed(store), PASSWORD);
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new InvalidInputException("TLS cannot be used: " + e.getMessage(), e);
        }
        return options.build();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(TYPE);
        store.load(null, null);
        return store;
    }

    /** The client takes key stores as files only, or what reads like one. */
    private static SslOptions.Resource packed(KeyStore store) throws GeneralSecurityException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, PASSWORD);
        return () -> new ByteArrayInputStream(bytes.toByteArray());
    }

    private static Collection<? extends Certificate> certificates(Path file) {
        try {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (found.isEmpty()) {
                throw new InvalidInputException("file " + file + " holds no certificate");
            }
            return found;
        } catch (CertificateException e) {
            throw new InvalidInputException("file " + file + " holds no certificates in PEM: " + e.getMessage(), e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            throw new InvalidInputException("file " + file + " holds no private key in PEM as PKCS #8 without password"
                    + " (BEGIN PRIVATE KEY); openssl pkcs8 -topk8 -nocrypt makes one of others");
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(1)));
        for (String algorithm : ALGORITHMS) {
            PrivateKey read = read(algorithm, spec);
            if (read != null) {
                return read;
            }
        }
        throw new InvalidInputException("file " + file + " holds a private key of a kind that is not known; known are "
                + String.join(", ", ALGORITHMS));
    }

    private static @Nullable PrivateKey read(String algorithm, PKCS8EncodedKeySpec spec)
            throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (InvalidKeySpecException e) {
            return null; // of another algorithm
        }
    }

    private static InvalidInputException unreadable(Path file, IOException e) {
        return new InvalidInputException("file " + file + " cannot be read: " + e, e);
    }
}
