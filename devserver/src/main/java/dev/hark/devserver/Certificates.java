package dev.hark.devserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A private authority, and what it signed for a server and a client, as PEM files. Two that were created apart do not
 * trust each other.
 *
 * <p>For tests only: the keys are made anew each time, and lie in a key store without a secret.
 */
public final class Certificates {

    private static final String CA = "ca";
    private static final String SERVER = "server";
    private static final String CLIENT = "client";

    private final KeyTool tool;
    private final Path ca;
    private final Identity server;
    private final Identity client;
    private final SSLSocketFactory sockets;

    private Certificates(KeyTool tool, Path ca, Identity server, Identity client, SSLSocketFactory sockets) {
        this.tool = tool;
        this.ca = ca;
        this.server = server;
        this.client = client;
        this.sockets = sockets;
    }

    /** A certificate and its private key (PKCS #8), each a PEM file. */
    public record Identity(Path certificate, Path key) {}

    /**
     * Creates an authority, a certificate for a server on {@code localhost} and 127.0.0.1, and one for a client.
     *
     * @param folder for the files; created if missing, and without other certificates
     * @throws DevServerException if the JDK's keytool cannot be run, or files cannot be written
     */
    public static Certificates create(Path folder) {
        KeyTool tool = new KeyTool(folder);
        try {
            Files.createDirectories(folder);
            tool.generate(CA, "Hark test authority", "bc:c=ca:true", null);
            Path ca = tool.writeCertificate(CA);
            Identity server = sign(tool, SERVER, "localhost", "san=dns:localhost,ip:127.0.0.1");
            Identity client = sign(tool, CLIENT, "client", "eku=clientAuth");
            return new Certificates(tool, ca, server, client, sockets(tool));
        } catch (IOException | GeneralSecurityException e) {
            throw failure(folder, e);
        }
    }

    /** The same authority and client, with a server that says it is on that host. */
    public Certificates withServerFor(String host) {
        try {
            return new Certificates(tool, ca, sign(tool, host, host, "san=dns:" + host), client, sockets);
        } catch (IOException | GeneralSecurityException e) {
            throw failure(tool.folder(), e);
        }
    }

    private static Identity sign(KeyTool tool, String alias, String name, String extension)
            throws IOException, GeneralSecurityException {
        tool.generate(alias, name, extension, CA);
        return new Identity(tool.writeCertificate(alias), tool.writeKey(alias));
    }

    private static DevServerException failure(Path folder, Exception e) {
        return new DevServerException("Cannot make certificates in " + folder + ": " + e, e);
    }

    /** The certificate of the authority: what clients trust, and what the server expects of clients. */
    public Path ca() {
        return ca;
    }

    /** What the server shows. */
    public Identity server() {
        return server;
    }

    /** What a client shows. */
    public Identity client() {
        return client;
    }

    /** Sockets of a client that trusts the authority and shows its certificate, and is content with any host name. */
    SSLSocketFactory sockets() {
        return sockets;
    }

    private static SSLSocketFactory sockets(KeyTool tool) throws IOException, GeneralSecurityException {
        KeyStore all = tool.load();
        KeyStore keys = empty();
        keys.setKeyEntry(
                CLIENT, all.getKey(CLIENT, KeyTool.PASSWORD), KeyTool.PASSWORD, all.getCertificateChain(CLIENT));
        KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        shown.init(keys, KeyTool.PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown.getKeyManagers(), trust(all.getCertificate(CA)).getTrustManagers(), null);
        return context.getSocketFactory();
    }

    static TrustManagerFactory trust(Certificate ca) throws IOException, GeneralSecurityException {
        KeyStore trusted = empty();
        trusted.setCertificateEntry(CA, ca);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
