package dev.hark.testing;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The threads of this JVM, virtual ones too. */
public final class ThreadDump {

    private static final Pattern NAME = Pattern.compile("\"name\": \"(hark[^\"]*)\"");

    private ThreadDump() {}

    /** The names of Hark's threads. */
    public static List<String> ofHark() {
        return NAME.matcher(dump()).results().map(name -> name.group(1)).toList();
    }

    /** Whether some thread is in a method, given as Class.method. */
    public static boolean isSomeIn(String method) {
        return dump().contains("." + method + "(");
    }

    private static String dump() {
        try {
            Path dir = Files.createTempDirectory("threads");
            Path dump = dir.resolve("dump.json");
            try {
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .dumpThreads(dump.toString(), ThreadDumpFormat.JSON);
                return Files.readString(dump);
            } finally {
                Files.deleteIfExists(dump);
                Files.delete(dir);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
