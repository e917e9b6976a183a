package dev.hark.devserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes keys and certificates with the JDK's own tool, in a key store of one folder, and writes them down as PEM. */
record KeyTool(Path folder) {

    static final char[] PASSWORD = "not a secret".toCharArray();

    /** @param signer whose certificate signs this one; null for one that signs itself */
    void generate(String alias, String name, String extension, @Nullable String signer) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store().toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "3650",
                "-dname",
                "CN=" + name,
                "-ext",
                extension));
        if (signer != null) {
            command.addAll(List.of("-signer", signer));
        }
        run(command);
    }

    private static void run(List<String> command) {
        try {
            Process process = Spawn.start(new ProcessBuilder(command).redirectErrorStream(true));
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.onExit().join().exitValue() != 0) {
                throw new DevServerException("keytool made no certificate: " + said.strip());
            }
        } catch (IOException e) {
            throw new DevServerException(
                    "Cannot run " + command.getFirst() + ", which makes certificates: " + e.getMessage(), e);
        }
    }

    KeyStore load() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(store().toFile(), PASSWORD);
    }

    private Path store() {
        return folder.resolve("keys.p12");
    }

    Path writeCertificate(String alias) throws IOException, GeneralSecurityException {
        Certificate certificate = load().getCertificate(alias);
        return Files.writeString(folder.resolve(alias + ".crt"), pem("CERTIFICATE", certificate.getEncoded()));
    }

    /** As PKCS #8, for its owner alone. */
    Path writeKey(String alias) throws IOException, GeneralSecurityException {
        Key key = load().getKey(alias, PASSWORD);
        Path file = Files.writeString(folder.resolve(alias + ".key"), pem("PRIVATE KEY", key.getEncoded()));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static String pem(String what, byte[] bytes) {
        Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN " + what + "-----\n" + encoder.encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }
}
