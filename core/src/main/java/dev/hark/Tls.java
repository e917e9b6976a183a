package dev.hark;

import dev.hark.error.InvalidInputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted; immutable, each method returns a copy. The server's certificate is always checked: its
 * chain, and that it is for the host that was asked for. Files are PEM, and read when connections are first made.
 *
 * @param ca certificates of authorities that are trusted, or null for those that Java trusts
 * @param certificate this client's certificate, with its chain, or null
 * @param key the certificate's private key, PKCS #8 without password; null exactly if there is no certificate
 */
public record Tls(
        @Nullable Path ca,
        @Nullable Path certificate,
        @Nullable Path key) {

    /** Trusts the authorities that Java trusts, and shows no certificate of its own. */
    public static final Tls DEFAULT = new Tls(null, null, null);

    /** Checks the values. */
    public Tls {
        if ((certificate == null) != (key == null)) {
            throw new InvalidInputException("a certificate needs its key, and a key its certificate");
        }
    }

    /** Trusts the authorities in this file, and no others. */
    public Tls ca(Path file) {
        return new Tls(file, certificate, key);
    }

    /** Shows a certificate, for servers that ask for one. */
    public Tls certificate(Path file, Path key) {
        return new Tls(ca, file, key);
    }
}
