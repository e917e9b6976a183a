package dev.hark.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hark.Message;
import dev.hark.cli.process.Io;
import dev.hark.cli.term.Output;
import dev.hark.cli.term.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that there is no process or no thread for: its message is not to blame. */
class ShellTest {

    @TempDir
    private Path dir;

    @Test
    void whatEndsBeforeItsCommandBeginsHasNotStarted() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")));
        try (Shell shell = shell("exit 3", Pump.THREADS)) {
            assertThat(shell.run(message(Map.of()))).isInstanceOf(Shell.Exited.class);

            assertThat(shell.run(message(new Spoiling()))).isInstanceOf(Shell.NotStarted.class);
        }
        await().untilAsserted(() -> assertThat(dir).isEmptyDirectory());
    }

    @Test
    void whatThereIsNoThreadForIsKilledAndHasNotStarted() throws Exception {
        ThreadFactory none = work -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        try (Shell shell = shell("sleep 600", none)) {
            assertThat(shell.run(message(Map.of()))).isInstanceOf(Shell.NotStarted.class);
        }
        await().until(() -> ProcessHandle.current()
                .descendants()
                .flatMap(process -> process.info().arguments().stream().flatMap(Stream::of))
                .noneMatch("sleep 600"::equals));
    }

    private Shell shell(String command, ThreadFactory threads) {
        Io io = new Io(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintStream(OutputStream.nullOutputStream()),
                Map.of("TMPDIR", dir.toString()),
                Terminal.NONE,
                stop -> {});
        return new Shell(command, null, io, new Output(io.out(), io.terminal()), threads);
    }

    private static Message<byte[]> message(Map<String, String> headers) {
        return new Message<>("id", "mail", new byte[0], null, null, headers, 1, Instant.EPOCH);
    }

    /** Takes the body away once it is written, so that the command's stdin cannot be opened. */
    private final class Spoiling extends LinkedHashMap<String, String> {

        private static final long serialVersionUID = 1;

        @Override
        public void forEach(BiConsumer<? super String, ? super String> action) {
            try (Stream<Path> files = Files.walk(dir)) {
                for (Path body :
                        files.filter(file -> file.toString().endsWith(".body")).toList()) {
                    Files.delete(body);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
