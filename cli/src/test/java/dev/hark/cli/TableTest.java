package dev.hark.cli;

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
    void showsHeadingsAloneWhereThereIsNothingElse() {
        assertThat(new Table("A", "B").lines()).containsExactly("A  B");
    }
}
