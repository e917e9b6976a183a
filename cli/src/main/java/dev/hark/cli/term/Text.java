package dev.hark.cli.term;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jline.utils.WCWidth;

/** Text from strangers, made fit to be shown. */
public final class Text {

    private static final String ELLIPSIS = "…";

    private Text() {}

    /** The text of the bytes, if they are UTF-8. */
    public static Optional<String> decode(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The bytes as one line: their text, or how many there are. */
    public static String show(byte[] bytes) {
        return decode(bytes).map(Text::escape).orElseGet(() -> "(" + bytes.length + " bytes, not UTF-8)");
    }

    /** One line: what breaks lines becomes a blank, other control characters are escaped. */
    public static String oneLine(String text) {
        return escape(text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " "));
    }

    /** Escapes, as in JSON, what would act on a terminal instead of being shown. */
    public static String escape(String text) {
        if (text.codePoints().noneMatch(Text::acts)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> safe.append("\\n");
                case '\r' -> safe.append("\\r");
                case '\t' -> safe.append("\\t");
                default -> {
                    if (acts(c)) {
                        for (char unit : Character.toChars(c)) {
                            safe.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                        }
                    } else {
                        safe.appendCodePoint(c);
                    }
                }
            }
        });
        return safe.toString();
    }

    private static boolean acts(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** The columns that a terminal gives to the text; a Chinese character takes two. */
    public static int width(String text) {
        return text.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
    }

    /** At most so many columns. */
    public static String shorten(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        int end = 0;
        int used = ELLIPSIS.length();
        while (end < text.length()) {
            int c = text.codePointAt(end);
            used += Math.max(0, WCWidth.wcwidth(c));
            if (used > columns) {
                break;
            }
            end += Character.charCount(c);
        }
        return text.substring(0, end) + ELLIPSIS;
    }
}
