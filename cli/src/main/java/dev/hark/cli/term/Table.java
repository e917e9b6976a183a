package dev.hark.cli.term;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Aligned columns: numbers to the right, the rest to the left. */
public final class Table {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    public Table row(Object... cells) {
        rows.add(Arrays.stream(cells).map(Table::show).toList());
        return this;
    }

    private static String show(Object cell) {
        return cell instanceof Number number
                ? String.format(Locale.ROOT, "%,d", number.longValue())
                : Text.escape(cell.toString()); // here, so that columns stay aligned
    }

    /**
     * A column of a narrow table.
     *
     * @param least its cells are cut to so many characters, and to fewer only where there is no room for these
     */
    public record Part(int column, int least) {

        /** A column whose cells are never cut. */
        public static Part whole(int column) {
            return new Part(column, Integer.MAX_VALUE);
        }

        private boolean isWhole() {
            return least == Integer.MAX_VALUE;
        }
    }

    /**
     * Returns the lines, the headings first, in so many columns of a terminal. The first part is there in any case; each
     * other one, in this order, if there is room for its least, or at least for its heading. What room is left after that is
     * given in the same order.
     *
     * @param width of the terminal; 0 for as wide as it is
     */
    public List<String> lines(int width, List<Part> byImportance) {
        if (width <= 0) {
            return lines();
        }
        Map<Integer, Integer> widths = new TreeMap<>();
        int left = width + GAP.length();
        for (Part part : byImportance) {
            int room = widths.isEmpty() ? Integer.MAX_VALUE : left - GAP.length();
            int least = Math.min(width(part.column), part.least);
            int given = Math.min(least, room);
            if (given == least || (!part.isWhole() && given >= headingWidth(part.column))) {
                widths.put(part.column, given);
                left -= given + GAP.length();
            }
        }
        for (Part part : byImportance) {
            int more = Math.clamp(
                    width(part.column) - widths.getOrDefault(part.column, Integer.MAX_VALUE), 0, Math.max(0, left));
            widths.computeIfPresent(part.column, (column, given) -> given + more);
            left -= more;
        }
        return cut(widths).lines();
    }

    private Table cut(Map<Integer, Integer> widths) {
        Table cut = new Table();
        cut.rows.clear();
        for (List<String> row : rows) {
            cut.rows.add(widths.entrySet().stream()
                    .map(column -> Text.shorten(row.get(column.getKey()), column.getValue()))
                    .toList());
        }
        return cut;
    }

    private int headingWidth(int column) {
        return Text.width(rows.getFirst().get(column));
    }

    /** Returns the lines, the headings first. */
    public List<String> lines() {
        int columns = rows.getFirst().size();
        int[] widths = IntStream.range(0, columns).map(this::width).toArray();
        boolean[] numbers = new boolean[columns];
        IntStream.range(0, columns).forEach(column -> numbers[column] = isNumeric(column));
        return rows.stream().map(row -> line(row, widths, numbers)).toList();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> Text.width(row.get(column))).max().orElse(0);
    }

    private boolean isNumeric(int column) {
        return rows.size() > 1
                && rows.stream().skip(1).allMatch(row -> row.get(column).matches("[\\d,]+"));
    }

    private static String line(List<String> row, int[] widths, boolean[] numbers) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String padding = " ".repeat(widths[column] - Text.width(cell));
            line.append(column == 0 ? "" : GAP).append(numbers[column] ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }
}
