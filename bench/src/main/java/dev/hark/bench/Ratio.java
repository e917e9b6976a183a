package dev.hark.bench;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Divides the figures of one section of a report by those of another, figure by figure. */
final class Ratio {

    private static final JsonMapper JSON = new JsonMapper();

    private Ratio() {}

    static ObjectNode of(ObjectNode ours, ObjectNode theirs) {
        ObjectNode ratio = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> entry : theirs.properties()) {
            JsonNode mine = ours.path(entry.getKey());
            JsonNode other = entry.getValue();
            if (other instanceof ObjectNode inner && mine instanceof ObjectNode outer) {
                ratio.set(entry.getKey(), of(outer, inner));
            } else if (mine.isNumber() && other.isNumber() && other.asDouble() != 0) {
                ratio.put(entry.getKey(), Report.round(mine.asDouble() / other.asDouble()));
            }
        }
        return ratio;
    }
}
