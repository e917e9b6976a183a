package dev.hark.testing;

import dev.hark.Hark;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What comes after this release: the same engine, and scripts that raise queues to the next layout. */
public final class NextRelease {

    private static final String GUARD = "dev/hark/internal/redis/scripts/lib/guard.lua";
    private static final Pattern LAYOUT_LINE = Pattern.compile("(?m)^local LAYOUT = (\\d+)");

    /** The layout that this release does not know. */
    public static final int LAYOUT = known() + 1;

    private NextRelease() {}

    private static String guard() {
        try (InputStream in = Hark.class.getClassLoader().getResourceAsStream(GUARD)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int known() {
        Matcher line = LAYOUT_LINE.matcher(guard());
        if (!line.find()) {
            throw new IllegalStateException("guard.lua says no layout");
        }
        return Integer.parseInt(line.group(1));
    }

    /** A script of this release as one of the next. */
    public static String of(String source) {
        return LAYOUT_LINE.matcher(source).replaceFirst("local LAYOUT = " + LAYOUT);
    }

    /** A folder that makes a process one of the next release, if it comes before its class path. */
    public static Path in(Path dir) throws IOException {
        Path target = dir.resolve(GUARD);
        Files.createDirectories(target.getParent());
        Files.writeString(target, of(guard()));
        return dir;
    }
}
