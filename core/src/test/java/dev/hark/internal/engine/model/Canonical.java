package dev.hark.internal.engine.model;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Fields that a store has made into a body come in any order. */
public final class Canonical {

    private static final JsonMapper JSON = new JsonMapper();

    private Canonical() {}

    /** A text as it is, but the members of a JSON object in their alphabetical order. */
    public static String text(String text) {
        return text.startsWith("{\"") && !text.startsWith("{\"type\"") && !text.startsWith("{\"key\"")
                ? new TreeMap<>((Map<?, ?>) JSON.readValue(text, Map.class)).toString()
                : text;
    }
}
