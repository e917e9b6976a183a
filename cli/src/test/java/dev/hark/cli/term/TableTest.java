package dev.hark.cli.term;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void alignsNumbersToTheRightAndTextToTheLeft() {
        Table table =
                new Table("QUEUE", "DONE", "NOTE").row("mail", 1234567, "a").row("世界", 5, "bb");

        assertThat(table.lines())
                .containsExactly("QUEUE       DONE  NOTE", "mail   1,234,567  a", "世界           5  bb");
    }

    @Test
    void isCutToTheTerminalTheWidestFirstAndTheLastOneLast() {
        Table table = new Table("ID", "REASON", "BODY").row("1-0", "because of that", "世界世界世界");

        assertThat(table.lines(0, 1, 2, 0)).last().isEqualTo("1-0  because of that  世界世界世界");
        assertThat(table.lines(80, 1, 2, 0)).last().isEqualTo("1-0  because of that  世界世界世界");
        assertThat(table.lines(24, 1, 2, 0))
                .allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(24))
                .last()
                .asString()
                .matches("1-0  because.*…  +世界.*…");
        assertThat(table.lines(1, 1, 2, 0)).last().isEqualTo("1…  becau…  世…");
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
