package dev.hark.cli;

import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The arguments as they were given. The JVM has decoded them by the charset of the locale, and put something else in place
 * of what is none of it: that must not be published. Linux still tells the bytes.
 */
final class Arguments {

    private static final Path BYTES = Path.of("/proc/self/cmdline");

    private Arguments() {}

    /** As they were given to this process; throws {@link CommandFailure} if one of them has been altered for good. */
    static String[] ofProcess(String[] decoded) {
        return Arrays.stream(decoded).allMatch(Arguments::ascii) ? decoded : read(decoded, cmdline());
    }

    /**
     * Reads them.
     *
     * @param decoded as the JVM has them
     * @param cmdline all words of the command line, each followed by a zero; null where nobody tells
     */
    static String[] read(String[] decoded, byte @Nullable [] cmdline) {
        List<byte[]> given = cmdline == null ? List.of() : words(cmdline);
        int before = given.size() - decoded.length; // the JVM's own
        String[] read = decoded.clone();
        for (int i = 0; i < decoded.length; i++) {
            Optional<String> text = before > 0 ? Text.decode(given.get(before + i)) : Optional.empty();
            if (text.isPresent()) {
                read[i] = text.get(); // whatever the locale makes of it
            } else if (!ascii(decoded[i]) && altered(decoded[i])) {
                throw new CommandFailure(
                        ExitCode.WRONG_USE,
                        "argument " + (i + 1)
                                + " is no text, or none that this locale knows (LC_ALL=C.UTF-8 knows all), and would be"
                                + " changed. A body of any bytes can be given on stdin; all else must be text");
            }
        }
        return read;
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** Whether it has what the JVM puts in place of others, or half of a character. */
    private static boolean altered(String text) {
        return text.indexOf('\uFFFD') >= 0
                || !StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static List<byte[]> words(byte[] cmdline) {
        List<byte[]> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < cmdline.length; i++) {
            if (cmdline[i] == 0) {
                words.add(Arrays.copyOfRange(cmdline, start, i));
                start = i + 1;
            }
        }
        return words;
    }

    private static byte @Nullable [] cmdline() {
        try {
            return Files.readAllBytes(BYTES);
        } catch (IOException e) {
            return null;
        }
    }
}
