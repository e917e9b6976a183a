package dev.hark.internal.engine.message;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a publisher says of a message beside its body, written as JSON: {@code {"type":…,"key":…,"headers":{…}}}, or
 * nothing at all when nothing is said.
 *
 * @param type a free label, or null
 * @param key the key, or null
 * @param headers in their order
 */
public record Meta(@Nullable String type, @Nullable String key, Map<String, String> headers) {

    /** Nothing said. */
    public static final Meta NONE = new Meta(null, null, Map.of());

    private static final JsonMapper JSON = Json.mapper();

    /** Writes it down. */
    public String write() {
        if (type == null && key == null && headers.isEmpty()) {
            return "";
        }
        ObjectNode node = JSON.createObjectNode();
        if (type != null) {
            node.put("type", type);
        }
        if (key != null) {
            node.put("key", key);
        }
        if (!headers.isEmpty()) {
            ObjectNode values = node.putObject("headers");
            headers.forEach(values::put);
        }
        return node.toString();
    }

    /**
     * Reads what {@link #write} or a program in another language wrote.
     *
     * @throws IllegalArgumentException when it is not of that form
     */
    public static Meta read(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.isObject()) {
                throw new IllegalArgumentException("no object");
            }
            Map<String, String> headers = new LinkedHashMap<>();
            node.path("headers")
                    .properties()
                    .forEach(e -> headers.put(e.getKey(), e.getValue().asString()));
            return new Meta(text(node, "type"), text(node, "key"), Collections.unmodifiableMap(headers));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("field meta is no JSON object: " + text, e);
        }
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull() ? null : value.asString();
    }
}
