package dev.hark.internal.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table that is read and the one that is tested are the same. */
class MoveTest {

    private static final String HEAD =
            "| from | to | when | by | attempts | recoveries | ledger | counters, each by 1 |";

    @Test
    void theTableInTheArchitectureIsTheOneOfTheModel() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "ARCHITECTURE.md"));
        int head = lines.indexOf(HEAD);
        assertThat(head).as("the line of " + HEAD).isNotNegative();

        List<String> rows = lines.stream()
                .skip(head + 2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(
                        Arrays.stream(Move.values()).map(Move::row).toList());
    }
}
