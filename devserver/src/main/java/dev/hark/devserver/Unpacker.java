package dev.hark.devserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * Unpacks a redis-server from the class path into {@code ~/.hark/redis-<version>/redis-server}.
 *
 * <p>A file is written under a name of its own and then renamed, so that any number of processes may unpack at once and
 * none ever runs half a file. One that is there already is compared with what the jar says about it.
 */
final class Unpacker {

    private static final String BUNDLED = "redis-server-7.0.15-";

    private Unpacker() {}

    /** What a file must be like; read from the directory of the jar, without unpacking anything. */
    private record Content(long size, long crc) {}

    static Path bundled() {
        return unpack(BUNDLED + platform(System.getProperty("os.name"), System.getProperty("os.arch")));
    }

    static String platform(String os, String arch) {
        String system = os.toLowerCase(Locale.ROOT);
        String family = system.startsWith("mac") ? "darwin" : system;
        String processor = switch (arch) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            default -> arch;
        };
        return family + "-" + processor;
    }

    static Path unpack(String resource) {
        return unpack(resource, home());
    }

    static Path unpack(String resource, Path home) {
        URL url = Unpacker.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new DevServerException("No " + resource + " on the class path. Install redis-server (Debian, Ubuntu:"
                    + " apt install redis-server; macOS: brew install redis), or name one.");
        }
        Path target = home.resolve(folder(resource)).resolve("redis-server");
        try {
            if (!isIntact(target, url)) {
                write(target, url);
            }
            return target;
        } catch (IOException e) {
            throw new DevServerException(
                    "Cannot unpack " + resource + " to " + target + ": " + e
                            + ". Make that folder writable, or name another with the system property hark.home.",
                    e);
        }
    }

    /** {@code redis-server-7.0.15-linux-amd64} goes to {@code redis-7.0.15}. */
    private static String folder(String resource) {
        return resource.replaceFirst("^redis-server-", "redis-").replaceFirst("-(linux|darwin).*$", "");
    }

    private static Path home() {
        String given = System.getProperty("hark.home");
        return given == null || given.isEmpty() ? Path.of(System.getProperty("user.home"), ".hark") : Path.of(given);
    }

    private static boolean isIntact(Path target, URL url) throws IOException {
        if (!Files.isExecutable(target)) {
            return false;
        }
        Content wanted = content(url);
        return Files.size(target) == wanted.size()
                && read(Files.newInputStream(target)).equals(wanted);
    }

    private static Content content(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return new Content(jar.getJarEntry().getSize(), jar.getJarEntry().getCrc());
        }
        return read(connection.getInputStream());
    }

    private static Content read(InputStream stream) throws IOException {
        try (CheckedInputStream checked = new CheckedInputStream(stream, new CRC32())) {
            long size = checked.transferTo(OutputStream.nullOutputStream());
            return new Content(size, checked.getChecksum().getValue());
        }
    }

    private static void write(Path target, URL url) throws IOException {
        Path folder = Files.createDirectories(target.resolveSibling(""));
        Path part = Files.createTempFile(folder, "redis-server-", ".part");
        try (InputStream stream = url.openStream()) {
            Files.copy(stream, part, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
