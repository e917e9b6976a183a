package dev.hark;

import dev.hark.internal.engine.message.Utf8;

/**
 * Turns bodies into bytes and back. Must be safe for use by several threads.
 *
 * @param <T> the body's type
 */
public interface Codec<T> {

    /** Returns the bytes of a body; throwing refuses the publish. */
    byte[] encode(T body) throws Exception;

    /** Returns the body of the bytes; throwing or null sends the message to the dead letters, its bytes as they are. */
    T decode(byte[] bytes) throws Exception;

    /**
     * Text as UTF-8, as it stands: nothing is ever replaced. Text with half of a character (a surrogate without the other
     * one) is refused; bytes that are no UTF-8 go to the dead letters.
     */
    static Codec<String> text() {
        return new Codec<>() {
            @Override
            public byte[] encode(String body) {
                return Utf8.bytes(body);
            }

            @Override
            public String decode(byte[] bytes) {
                return Utf8.text(bytes);
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
