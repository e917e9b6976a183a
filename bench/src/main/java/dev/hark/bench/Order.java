package dev.hark.bench;

/**
 * The body that is moved, as JSON.
 *
 * @param id its number, or the time at which it was published
 * @param customer a short text
 * @param text what fills it up to the payload's size
 */
public record Order(long id, String customer, String text) {

    private static final int AROUND = "{\"id\":1234567890123456,\"customer\":\"c-12345\",\"text\":\"\"}".length();

    static Order of(long id, String text) {
        return new Order(id, "c-" + id % 100_000, text);
    }

    static String filler(int payload) {
        return "x".repeat(Math.max(1, payload - AROUND));
    }
}
