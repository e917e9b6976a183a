package dev.hark;

import java.nio.charset.StandardCharsets;

/**
 * Turns bodies into bytes and back. Must be safe for use by several threads.
 *
 * @param <T> the body's type
 */
public interface Codec<T> {

    /** Returns the bytes of a body; throwing refuses the publish. */
    byte[] encode(T body) throws Exception;

    /** Returns the body of the bytes; throwing sends the message to the dead letters, its bytes as they are. */
    T decode(byte[] bytes) throws Exception;

    /** Text as UTF-8, as it stands. */
    static Codec<String> text() {
        return new Codec<>() {
            @Override
            public byte[] encode(String body) {
                return body.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public String decode(byte[] bytes) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
        };
    }

    /** Bytes as they are. */
    static Codec<byte[]> bytes() {
        return new Codec<>() {
            @Override
            public byte[] encode(byte[] body) {
                return body;
            }

            @Override
            public byte[] decode(byte[] bytes) {
                return bytes;
            }
        };
    }
}
