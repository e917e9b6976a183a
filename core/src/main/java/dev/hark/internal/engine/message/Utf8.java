package dev.hark.internal.engine.message;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text and its bytes, neither of which is ever changed on the way: what has no counterpart on the other side is refused. */
public final class Utf8 {

    private Utf8() {}

    /**
     * Returns the bytes of a text.
     *
     * @throws IllegalArgumentException if it has half of a character, a surrogate without the other one
     */
    public static byte[] bytes(String text) {
        int lone = lone(text);
        if (lone >= 0) {
            throw new IllegalArgumentException(
                    "at " + lone + " it has half of a character, a surrogate without the other"
                            + " one, for which there are no bytes in UTF-8");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns the text of the bytes.
     *
     * @throws IllegalArgumentException if they are not UTF-8
     */
    public static String text(byte[] bytes) {
        // The decoder that reports is slower than the one that replaces, and nearly always both say the same.
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            CharBuffer strict = StandardCharsets.UTF_8.newDecoder().decode(in);
            return strict.toString(); // it has this very character
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is no UTF-8 from byte " + in.position() + " on", e);
        }
    }

    /**
     * Looks whether JSON is UTF-8, or one of the older forms of Unicode, which have a zero among their first bytes.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static void check(byte[] json) {
        int ascii = 0;
        while (ascii < json.length && json[ascii] > 0) {
            ascii++;
        }
        if (ascii < json.length && (json[ascii] != 0 || ascii >= 4)) {
            text(json);
        }
    }

    /** Where a surrogate stands without the other one; -1 if nowhere. */
    public static int lone(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return i;
            }
        }
        return -1;
    }
}
