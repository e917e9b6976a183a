package dev.hark.cli.term;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
     * Returns the lines, the headings first, in so many columns of a terminal if that can be done.
     *
     * @param width of the terminal; 0 for as wide as it is
     * @param shrinking the columns whose cells are cut for that, down to their headings; the last one only once the others
     *     are
     */
    public List<String> lines(int width, int... shrinking) {
        int over = width <= 0 ? 0 : width() - width;
        while (over > 0) {
            int lastResort = shrinking[shrinking.length - 1];
            int widest = IntStream.of(shrinking)
                    .filter(column -> column != lastResort && width(column) > headingWidth(column))
                    .boxed()
                    .max(Comparator.comparingInt(this::width))
                    .orElse(lastResort);
            if (width(widest) <= headingWidth(widest)) {
                break;
            }
            int narrower = width(widest) - 1;
            rows.replaceAll(row -> {
                List<String> cut = new ArrayList<>(row);
                cut.set(widest, Text.shorten(row.get(widest), narrower));
                return cut;
            });
            over--;
        }
        return lines();
    }

    private int headingWidth(int column) {
        return Text.width(rows.getFirst().get(column));
    }

    private int width() {
        int columns = rows.getFirst().size();
        return IntStream.range(0, columns).map(this::width).sum() + GAP.length() * (columns - 1);
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
