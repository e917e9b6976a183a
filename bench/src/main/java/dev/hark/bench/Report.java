package dev.hark.bench;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What was measured. Times of latency are in milliseconds, CPU in microseconds a message. */
public final class Report {

    private static final JsonMapper JSON = new JsonMapper();

    private final Options options;
    private final String server;
    private final Map<String, Cost> warm;
    private final Map<String, Cost> cold;
    private final Bench.Slow slow;
    private final Map<String, Cost> floor;
    private final Bench.@Nullable Slow slowFloor;

    Report(
            Options options,
            String server,
            Map<String, Cost> warm,
            Map<String, Cost> cold,
            Bench.Slow slow,
            Map<String, Cost> floor,
            Bench.@Nullable Slow slowFloor) {
        this.options = options;
        this.server = server;
        this.warm = warm;
        this.cold = cold;
        this.slow = slow;
        this.floor = floor;
        this.slowFloor = slowFloor;
    }

    /** One line of JSON. */
    public String json() {
        ObjectNode root = section(warm, slow);
        for (Map.Entry<String, Cost> phase : cold.entrySet()) {
            at(root, phase.getKey()).put("coldPerSecond", round(phase.getValue().perSecond()));
        }
        if (slowFloor != null) {
            ObjectNode floorSection = section(floor, slowFloor);
            root.set("floor", floorSection);
            root.set("ratio", Ratio.of(root, floorSection));
        }
        root.put("server", server);
        root.put("messages", options.messages());
        root.put("payload", options.payload());
        root.put("concurrency", options.concurrency());
        return root.toString();
    }

    private static ObjectNode section(Map<String, Cost> costs, Bench.Slow slow) {
        ObjectNode section = JSON.createObjectNode();
        costs.forEach((phase, cost) -> at(section, phase)
                .put("perSecond", round(cost.perSecond()))
                .put("redisMicros", round(cost.redisMicros()))
                .put("clientMicros", round(cost.clientMicros()))
                .put("commands", round(cost.commands()))
                .put("bytes", round(cost.bytes())));
        ObjectNode latency = section.putObject("latency");
        put(latency.putObject("500"), slow.at500());
        put(latency.putObject("5000"), slow.at5000());
        section.putObject("idle")
                .put("commandsPerSecond", round(slow.commandsPerSecond()))
                .put("clientCpuPercent", round(slow.clientCpuPercent()));
        section.putObject("memory").put("bytesPerMessage", round(slow.bytes()));
        return section;
    }

    private static void put(ObjectNode into, Latency latency) {
        into.put("p50", round(latency.p50())).put("p99", round(latency.p99())).put("p999", round(latency.p999()));
    }

    /** The object of a phase: {@code publish.bulk} lies in {@code publish}. */
    private static ObjectNode at(ObjectNode root, String phase) {
        ObjectNode node = root;
        for (String part : phase.split("\\.")) {
            node = node.withObject("/" + part);
        }
        return node;
    }

    /** Three digits that count, for people. */
    static double round(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return 0;
        }
        double scale = Math.pow(10, 2 - Math.floor(Math.log10(Math.abs(value))));
        return Math.abs(value) >= 100 ? Math.rint(value) : Math.rint(value * scale) / scale;
    }

    /** A table for people. */
    public String table() {
        StringBuilder out = new StringBuilder();
        out.append(server).append(", ").append(options.messages()).append(" messages of about ");
        out.append(options.payload())
                .append(" bytes, ")
                .append(options.concurrency())
                .append(" at once\n\n");
        String form = "%-18s %12s %12s %10s %10s %10s %9s %9s%n";
        out.append(form.formatted(
                "",
                "messages/s",
                "cold",
                "redis µs",
                "client µs",
                "commands",
                "bytes",
                floor.isEmpty() ? "" : "× floor"));
        warm.forEach((phase, cost) -> {
            Cost below = floor.get(phase);
            out.append(form.formatted(
                    phase,
                    "%,.0f".formatted(cost.perSecond()),
                    "%,.0f".formatted(cold.getOrDefault(phase, cost).perSecond()),
                    "%.2f".formatted(cost.redisMicros()),
                    "%.2f".formatted(cost.clientMicros()),
                    "%.3f".formatted(cost.commands()),
                    "%.0f".formatted(cost.bytes()),
                    below == null ? "" : "%.2f".formatted(cost.perSecond() / below.perSecond())));
        });
        floor.forEach((phase, cost) -> out.append(form.formatted(
                "floor " + phase,
                "%,.0f".formatted(cost.perSecond()),
                "",
                "%.2f".formatted(cost.redisMicros()),
                "%.2f".formatted(cost.clientMicros()),
                "%.3f".formatted(cost.commands()),
                "%.0f".formatted(cost.bytes()),
                "")));
        out.append('\n');
        slow(out, "", slow);
        if (slowFloor != null) {
            slow(out, "floor ", slowFloor);
        }
        return out.toString();
    }

    private static void slow(StringBuilder out, String who, Bench.Slow slow) {
        latency(out, who + "latency at 500/s", slow.at500());
        latency(out, who + "latency at 5000/s", slow.at5000());
        out.append("%-24s %.1f commands/s, %.2f %% CPU%n"
                .formatted(who + "idle, 10 queues", slow.commandsPerSecond(), slow.clientCpuPercent()));
        out.append("%-24s %.0f bytes a waiting message%n".formatted(who + "memory", slow.bytes()));
    }

    private static void latency(StringBuilder out, String what, Latency latency) {
        out.append("%-24s p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms%n"
                .formatted(what, latency.p50(), latency.p99(), latency.p999()));
    }
}
