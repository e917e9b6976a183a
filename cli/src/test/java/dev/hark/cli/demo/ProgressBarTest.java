package dev.hark.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.cli.process.Io;
import dev.hark.cli.term.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressBarTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private String show(int width, int done) {
        Terminal terminal = new Terminal() {
            @Override
            public boolean input() {
                return false;
            }

            @Override
            public int width() {
                return width;
            }

            @Override
            public int columns() {
                return 0;
            }
        };
        Io io = new Io(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                terminal,
                stop -> {});
        try (ProgressBar bar = new ProgressBar(io, 1000)) {
            bar.show(done);
            return err.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void showsNothingWithoutATerminal() {
        assertThat(show(0, 500)).isEmpty();
    }

    @Test
    void fillsTheBarAsItGoes() {
        assertThat(show(80, 500)).contains("[=========================                         ] 500 of 1,000");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 30, 40, 80, 200})
    void fitsTheTerminal(int width) {
        assertThat(show(width, 1000).replace("\r\u001b[K", "").length()).isLessThan(width);
    }
}
