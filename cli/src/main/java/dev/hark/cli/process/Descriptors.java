package dev.hark.cli.process;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Finds out whether this process was started without stdin or stdout. A descriptor that is closed is given to the next file
 * that is opened, and the first that a JVM opens for good is its own image: that would be published for stdin, and a result
 * written to stdout would be lost. The JDK puts /dev/null in place of the next ones. Where there is no /proc, nobody tells.
 */
public final class Descriptors {

    private static final Path NULL = Path.of("/dev/null");
    private static final int ACCESS = 3;
    private static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;

    private final Path proc;
    private final Path image;

    private Descriptors(Path proc, Path image) {
        this.proc = proc;
        this.image = image;
    }

    public static Descriptors ofProcess() {
        return new Descriptors(Path.of("/proc/self"), Path.of(System.getProperty("java.home"), "lib", "modules"));
    }

    /** Stdin; where it is closed, whoever reads is told so. */
    InputStream in() {
        return closedIn() ? new Closed() : new FileInputStream(FileDescriptor.in);
    }

    /**
     * Says whether results would come out, before anything is done.
     *
     * @throws CommandFailure if stdout is closed
     */
    public void checkOut() {
        if (is(1, image) || access(1, READ_ONLY)) {
            throw new CommandFailure(
                    ExitCode.WRONG_USE, "stdout is closed; nothing was done. Without results, send it to /dev/null");
        }
        if (closedIn() && is(1, NULL)) {
            throw new CommandFailure(
                    ExitCode.WRONG_USE,
                    "stdin is closed, and stdout is closed as well or /dev/null, which cannot be told apart then; nothing"
                            + " was done. Give it a stdin: </dev/null");
        }
    }

    private boolean closedIn() {
        return is(0, image) || access(0, WRITE_ONLY);
    }

    private boolean is(int descriptor, Path file) {
        try {
            return Files.readSymbolicLink(proc.resolve("fd/" + descriptor)).equals(file.toRealPath());
        } catch (IOException e) { // it is not open, or there is no such file
            return false;
        }
    }

    /** Whether it can be used in this way only, or not at all. */
    private boolean access(int descriptor, int mode) {
        try {
            return Files.readAllLines(proc.resolve("fdinfo/" + descriptor)).stream()
                    .filter(line -> line.startsWith("flags:"))
                    .anyMatch(line ->
                            (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & ACCESS) == mode);
        } catch (NoSuchFileException e) {
            return Files.isDirectory(proc.resolve("fdinfo"));
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private static final class Closed extends InputStream {
        @Override
        public int read() {
            throw new CommandFailure(
                    ExitCode.WRONG_USE, "stdin is closed; name a file as in <file, or give the body as an argument");
        }

        @Override
        public int read(byte[] into, int from, int length) {
            return read();
        }
    }
}
