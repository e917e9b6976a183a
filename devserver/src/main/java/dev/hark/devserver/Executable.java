package dev.hark.devserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A redis-server that was found, and that told its version. */
record Executable(Path path, String version) {

    /** {@code Redis server v=7.0.15 sha=…}, {@code Valkey server v=8.0.1 sha=…}. */
    private static final Pattern VERSION = Pattern.compile(" v=((\\d+)\\.(\\d+)\\S*)");

    /** @throws DevServerException if it is not a redis-server that runs here */
    static Executable probe(Path file) {
        String said = ask(file);
        Matcher matcher = VERSION.matcher(said);
        if (!matcher.find()) {
            throw new DevServerException(file + " is not a redis-server: asked for its --version, it said \""
                    + said.strip() + "\". Name another one.");
        }
        return new Executable(file, matcher.group(1));
    }

    static Optional<Executable> tryProbe(Path file) {
        try {
            return Optional.of(probe(file));
        } catch (DevServerException broken) {
            return Optional.empty();
        }
    }

    /** 6.2 is the oldest that Hark works with. */
    boolean isNewEnough() {
        Matcher matcher = VERSION.matcher(" v=" + version);
        if (!matcher.find()) {
            return false;
        }
        int major = Integer.parseInt(matcher.group(2));
        return major > 6 || (major == 6 && Integer.parseInt(matcher.group(3)) >= 2);
    }

    private static String ask(Path file) {
        try {
            Process process = Spawn.start(new ProcessBuilder(file.toString(), "--version").redirectErrorStream(true));
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DevServerException(
                    "Cannot run " + file + " as a redis-server: " + e.getMessage() + ". Name another one.", e);
        }
    }
}
