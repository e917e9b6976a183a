package dev.hark.bench;

import java.util.Locale;
import java.util.Map;

/** Draws two rows of bars: messages a second, and what a message costs Redis. */
final class Plot {

    private static final int WIDTH = 640;
    private static final int ROW = 34;
    private static final int LEFT = 110;
    private static final int BAR = 400;

    private Plot() {}

    static String of(String what, Map<String, Cost> costs) {
        StringBuilder svg = new StringBuilder();
        int height = 90 + 2 * ROW * costs.size() + 40;
        svg.append(("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n")
                .formatted(WIDTH, height));
        text(svg, 16, 26, "by " + what);
        double fastest =
                costs.values().stream().mapToDouble(Cost::perSecond).max().orElse(1);
        double dearest =
                costs.values().stream().mapToDouble(Cost::redisMicros).max().orElse(1);
        int y = 56;
        text(svg, 16, y, "messages a second");
        for (Map.Entry<String, Cost> entry : costs.entrySet()) {
            Cost cost = entry.getValue();
            bar(
                    svg,
                    y += ROW,
                    entry.getKey(),
                    cost.perSecond() / fastest,
                    "%,.0f".formatted(cost.perSecond()),
                    "#2a6f97");
        }
        y += 40;
        text(svg, 16, y, "µs of Redis CPU a message");
        for (Map.Entry<String, Cost> entry : costs.entrySet()) {
            Cost cost = entry.getValue();
            bar(
                    svg,
                    y += ROW,
                    entry.getKey(),
                    cost.redisMicros() / dearest,
                    "%.2f".formatted(cost.redisMicros()),
                    "#bc4749");
        }
        return svg.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder svg, int y, String label, double share, String value, String colour) {
        text(svg, 30, y, label);
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"%s\"/>%n",
                LEFT,
                y - 14,
                Math.max(1, share * BAR),
                colour));
        text(svg, LEFT + (int) (share * BAR) + 8, y, value);
    }

    private static void text(StringBuilder svg, int x, int y, String text) {
        svg.append("<text x=\"")
                .append(x)
                .append("\" y=\"")
                .append(y)
                .append("\">")
                .append(text)
                .append("</text>\n");
    }
}
