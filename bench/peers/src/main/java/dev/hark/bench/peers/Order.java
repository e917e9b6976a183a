package dev.hark.bench.peers;

import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body that is moved: 100 bytes as JSON. Public for the libraries that make one by reflection.
 *
 * @param id its number, 16 digits
 * @param customer 7 characters
 * @param text what fills it up
 */
public record Order(long id, String customer, String text) {

    private static final long FIRST = 1_234_567_890_000_000L;
    private static final String TEXT = "x".repeat(46);
    private static final JsonMapper JSON = new JsonMapper();
    private static final ObjectReader READER = JSON.readerFor(Order.class);
    private static final ObjectWriter WRITER = JSON.writerFor(Order.class);

    static Order of(int number) {
        return new Order(FIRST + number, "c-" + (10_000 + number % 90_000), TEXT);
    }

    static Order read(byte[] json) {
        return READER.readValue(json);
    }

    /** Decodes a message and handles it. Public for code that a library loads with a class loader of its own. */
    public static void handle(String json) {
        Order order = READER.readValue(json);
        order.handle();
    }

    String write() {
        return WRITER.writeValueAsString(this);
    }

    byte[] writeBytes() {
        return WRITER.writeValueAsBytes(this);
    }

    /** What every handler does. */
    void handle() {
        if (id < FIRST) {
            throw new IllegalStateException("not an order of this benchmark: " + this);
        }
    }
}
