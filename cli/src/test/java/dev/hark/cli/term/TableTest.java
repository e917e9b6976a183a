package dev.hark.cli.term;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void alignsNumbersToTheRightAndTextToTheLeft() {
        Table table =
                new Table("QUEUE", "DONE", "NOTE").row("mail", 1234567, "a").row("世界", 5, "bb");

        assertThat(table.lines())
                .containsExactly("QUEUE       DONE  NOTE", "mail   1,234,567  a", "世界           5  bb");
    }

    /** The first is whole; the others have their least, or are left out; the rest is given in their order. */
    @Test
    void isCutToTheTerminalByImportance() {
        Table table = new Table("ID", "AT", "REASON", "BODY").row("1234567-0", "noon", "because of that", "世界世界世界");
        List<Table.Part> parts =
                List.of(Table.Part.whole(0), new Table.Part(2, 8), new Table.Part(3, 6), Table.Part.whole(1));

        assertThat(table.lines(0, parts)).last().isEqualTo("1234567-0  noon  because of that  世界世界世界");
        assertThat(table.lines(80, parts)).last().isEqualTo("1234567-0  noon  because of that  世界世界世界");
        assertThat(table.lines(40, parts)).last().isEqualTo("1234567-0  noon  because of that  世界…");
        assertThat(table.lines(34, parts)).last().isEqualTo("1234567-0  noon  because …  世界…");
        assertThat(table.lines(30, parts))
                .containsExactly("ID         REASON       BODY", "1234567-0  because of…  世界…");
        assertThat(table.lines(20, parts)).containsExactly("ID         REASON", "1234567-0  because …");
        assertThat(table.lines(5, parts)).containsExactly("ID", "1234567-0");
    }

    @Test
    void escapesWhatActsOnATerminal() {
        assertThat(new Table("A").row("x\u001b[2J\n").lines()).last().isEqualTo("x\\u001b[2J\\n");
    }

    @Test
    void showsHeadingsAloneWhereThereIsNothingElse() {
        assertThat(new Table("A", "B").lines()).containsExactly("A  B");
    }
}
