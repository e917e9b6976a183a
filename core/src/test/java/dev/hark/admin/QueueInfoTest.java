package dev.hark.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class QueueInfoTest {

    private static final Instant EARLY = Instant.ofEpochSecond(1);
    private static final Instant LATE = Instant.ofEpochSecond(2);

    /** All figures that make up the sum differ, so that none can stand for another. */
    private static final QueueInfo WHOLE = new QueueInfo("a", 1, 2, 4, 8, 200, 16, 5, 6, 7, 32, 64, -73, 3, LATE);

    @Test
    void nothingIsMissingWhereAllThatCameInIsSomewhere() {
        assertThat(WHOLE.missing()).isZero();
    }

    @Test
    void whatCameInAndIsNowhereIsMissing() {
        QueueInfo lost = new QueueInfo("a", 1, 1, 1, 1, 10, 1, 9, 9, 9, 1, 1, 3, 9, null);

        assertThat(lost.missing()).isEqualTo(6);
    }

    @Test
    void theFiguresOfTwoAddUpUnderTheNameOfTheFirst() {
        QueueInfo other = new QueueInfo("b", 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, EARLY);

        assertThat(WHOLE.plus(other))
                .isEqualTo(new QueueInfo("a", 11, 22, 34, 48, 250, 76, 75, 86, 97, 132, 174, 47, 133, EARLY));
        assertThat(other.plus(WHOLE).oldestWaiting()).isEqualTo(EARLY);
    }

    @Test
    void whereNothingWaitsInOneTheOldestIsThatOfTheOther() {
        QueueInfo empty = new QueueInfo("b", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null);

        assertThat(WHOLE.plus(empty)).isEqualTo(WHOLE);
        assertThat(empty.plus(WHOLE).oldestWaiting()).isEqualTo(LATE);
        assertThat(empty.plus(empty).oldestWaiting()).isNull();
    }
}
