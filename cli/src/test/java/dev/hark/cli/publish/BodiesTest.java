package dev.hark.cli.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.cli.process.CommandFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BodiesTest {

    private static final int LIMIT = 100_000;

    @Test
    void aWholeInputIsOneBodyNewlinesIncluded() throws IOException {
        assertThat(read(Bodies.whole(in("a\nb\n"), LIMIT))).containsExactly("a\nb\n");
    }

    @Test
    void anEmptyInputIsAnEmptyBody() throws IOException {
        assertThat(read(Bodies.whole(in(""), LIMIT))).containsExactly("");
    }

    @Test
    void eachLineIsABody() throws IOException {
        assertThat(read(Bodies.lines(in("a\n\n世界\r\nlast"), LIMIT))).containsExactly("a", "", "世界\r", "last");
        assertThat(read(Bodies.lines(in("a\nb\n"), LIMIT))).containsExactly("a", "b");
        assertThat(read(Bodies.lines(in("\n"), LIMIT))).containsExactly("");
        assertThat(read(Bodies.lines(in(""), LIMIT))).isEmpty();
    }

    @Test
    void linesMayBeLongerThanTheBufferAndReadsShorterThanALine() throws IOException {
        String large = "x".repeat(LIMIT);

        assertThat(read(Bodies.lines(in("a\n" + large + "\nb"), LIMIT))).containsExactly("a", large, "b");
        assertThat(read(Bodies.lines(byteByByte("abc\nde"), LIMIT))).containsExactly("abc", "de");
    }

    @Test
    void bytesAreKeptAsTheyAre() throws IOException {
        byte[] bytes = {0, (byte) 0xff, 13, 9, (byte) 0xc3};

        assertThat(Bodies.whole(new ByteArrayInputStream(bytes), LIMIT).next()).hasValue(bytes);
        assertThat(Bodies.lines(new ByteArrayInputStream(bytes), LIMIT).next()).hasValue(bytes);
    }

    @Test
    void oneByteMoreThanTheLimitIsRefused() throws IOException {
        assertThat(read(Bodies.whole(in("12345"), 5))).containsExactly("12345");
        assertThatThrownBy(() -> Bodies.whole(in("123456"), 5).next())
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("5 bytes")
                .hasMessageContaining("--max-body");
    }

    @Test
    void anEndlessBodyIsNotReadToItsEnd() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };

        assertThatThrownBy(() -> Bodies.whole(endless, LIMIT).next()).isInstanceOf(CommandFailure.class);
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream byteByByte(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(1, length));
            }
        };
    }

    private static List<String> read(Bodies bodies) throws IOException {
        List<String> all = new ArrayList<>();
        for (Optional<byte[]> body = bodies.next(); body.isPresent(); body = bodies.next()) {
            all.add(new String(body.get(), StandardCharsets.UTF_8));
        }
        return all;
    }

    /** A terminal would ask for a second Ctrl-D. */
    @Test
    void nothingIsReadBeyondTheEnd() throws IOException {
        assertThat(read(Bodies.whole(endingOnce("a\n"), LIMIT))).containsExactly("a\n");
        assertThat(read(Bodies.whole(endingOnce(""), LIMIT))).containsExactly("");
        assertThat(read(Bodies.lines(endingOnce("a\nb"), LIMIT))).containsExactly("a", "b");
    }

    private static InputStream endingOnce(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            private boolean ended;

            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                assertThat(ended).isFalse();
                int read = super.read(into, offset, length);
                ended = read < 0;
                return read;
            }
        };
    }
}
