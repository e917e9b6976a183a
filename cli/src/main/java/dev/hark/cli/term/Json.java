package dev.hark.cli.term;

import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** JSON as the command prints it: written field by field, since binding would double the time to start. */
public final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** One object, on one line. */
    public static String object(Consumer<JsonGenerator> fields) {
        return line(json -> nested(json, fields));
    }

    /** One array of objects, on one line. */
    public static <T> String array(Iterable<T> items, Fields<T> fields) {
        return line(json -> objects(json, items, fields));
    }

    private static String line(Consumer<JsonGenerator> content) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), line)) {
            content.accept(json);
        }
        return line.toString();
    }

    public static <T> void objects(JsonGenerator json, Iterable<T> items, Fields<T> fields) {
        json.writeStartArray();
        items.forEach(item -> nested(json, inner -> fields.write(inner, item)));
        json.writeEndArray();
    }

    private static void nested(JsonGenerator json, Consumer<JsonGenerator> fields) {
        json.writeStartObject();
        fields.accept(json);
        json.writeEndObject();
    }

    /** Writes null as null. */
    public static void text(JsonGenerator json, String name, @Nullable Object value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, value.toString());
        }
    }

    public static void headers(JsonGenerator json, Map<String, String> headers) {
        json.writeName("headers");
        nested(json, inner -> headers.forEach(inner::writeStringProperty));
    }

    /** As {@code body} if it is UTF-8, else as {@code bodyBase64}: no byte is changed on the way. */
    public static void body(JsonGenerator json, byte[] body) {
        Optional<String> text = Text.decode(body);
        if (text.isPresent()) {
            json.writeStringProperty("body", text.get());
        } else {
            json.writeName("bodyBase64");
            json.writeBinary(body);
        }
    }

    /** Writes what an object consists of. */
    @FunctionalInterface
    public interface Fields<T> {
        void write(JsonGenerator json, T item);
    }
}
