package dev.hark.cli.launcher;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Shell scripts that stand in for programs. */
final class Script {

    /** All that the launcher may use beside Java; where one is missing, it has to do without. */
    private static final List<String> TOOLS = List.of(
            "sh",
            "bash",
            "cat",
            "dirname",
            "env",
            "find",
            "head",
            "id",
            "locale",
            "mkdir",
            "mktemp",
            "readlink",
            "rm",
            "rmdir",
            "sed",
            "setsid",
            "sleep",
            "touch",
            "tr",
            "uname");

    private Script() {}

    static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "#!/bin/sh\n" + text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!file.toFile().setExecutable(true)) {
            throw new IllegalStateException("Cannot make executable: " + file);
        }
        return file;
    }

    /** Installs a fake JDK. */
    static Path jdk(Path home, String version, String java) {
        write(home.resolve("bin/javac"), "");
        return jre(home, version, java);
    }

    /** Installs a fake Java that cannot compile. */
    static Path jre(Path home, String version, String java) {
        write(home.resolve("bin/java"), java);
        try {
            Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return home;
    }

    /** A folder for a PATH that holds those tools only, and no Java. */
    static String tools() {
        Path folder = Path.of("target", "launcher-tools").toAbsolutePath();
        try {
            Files.createDirectories(folder);
            for (String dir : System.getenv("PATH").split(File.pathSeparator)) {
                for (String tool : TOOLS) {
                    Path file = Path.of(dir, tool);
                    Path link = folder.resolve(tool);
                    if (Files.isExecutable(file) && Files.notExists(link)) {
                        Files.createSymbolicLink(link, file);
                    }
                }
            }
            return folder.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
