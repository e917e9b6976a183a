package dev.hark.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.internal.engine.message.Ledger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever was thrown can be told, by stand-ins where it will not answer. */
@SuppressWarnings("OverrideThrowableToString") // hostile ones do
class ThrownTest {

    private static final class Endless extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            return new Endless();
        }
    }

    static List<Throwable> hostile() {
        return List.of(
                new Exception() {
                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("no message");
                    }
                },
                new Exception() {
                    @Override
                    @SuppressWarnings("InfiniteRecursion") // which is the point
                    public String getMessage() {
                        return getMessage() + "for ever";
                    }
                },
                new Exception() {
                    @Override
                    public String getLocalizedMessage() {
                        throw new Error("no message here");
                    }
                },
                new Exception() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException("no text");
                    }
                },
                new Exception() {
                    @Override
                    @SuppressWarnings({"NullAway", "ToStringReturnsNull"}) // as strangers do
                    public String toString() {
                        return null;
                    }
                },
                new Exception() {
                    @Override
                    public StackTraceElement[] getStackTrace() {
                        throw new IllegalStateException("no trace");
                    }
                },
                new Exception() {
                    @Override
                    @SuppressWarnings("NullAway") // as strangers do
                    public StackTraceElement[] getStackTrace() {
                        return null;
                    }
                },
                new Exception() {
                    @Override
                    public synchronized Throwable getCause() {
                        throw new IllegalStateException("no cause");
                    }
                },
                new Endless(),
                new Exception("x".repeat(1 << 20)));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void whatDoesNotAnswerIsStoodForByWhatDoes(Throwable hostile) {
        Throwable told = Thrown.tellable(hostile);

        assertThat(told).isNotSameAs(hostile);
        assertThat(told.toString()).contains(hostile.getClass().getName()).hasSizeLessThan(2 * Thrown.MAX_MESSAGE);
        assertThat(told.getStackTrace()).isNotNull();
        assertThat(told.getCause()).isNull();
        assertThat(Thrown.describe(hostile)).contains(hostile.getClass().getName());
        assertThat(Thrown.message(hostile)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void whatHidesSuchAsItsCauseOrSuppressedIsStoodForToo(Throwable hostile) {
        Exception suppressing = new Exception("outside");
        suppressing.addSuppressed(hostile);

        assertThat(Thrown.tellable(new Exception("outside", hostile)).getMessage())
                .endsWith("Exception: outside");
        assertThat(Thrown.tellable(suppressing).getMessage()).endsWith("Exception: outside");
    }

    @Test
    void whatAnswersIsTheVerySame() {
        Exception a = new Exception("a");
        Exception b = new Exception("b", a);
        a.initCause(b);
        a.addSuppressed(new Error((String) null));

        assertThat(Thrown.tellable(a)).isSameAs(a);
        assertThat(Thrown.describe(new Exception("a"))).isEqualTo("java.lang.Exception: a");
        assertThat(Thrown.describe(new Exception())).isEqualTo("java.lang.Exception");
        assertThat(Thrown.message(new Exception())).isEqualTo("java.lang.Exception");
    }

    @Test
    void noCharacterIsCutInTwo() {
        assertThat(Ledger.shorten("ab\uD83D\uDE00cd", 4)).isEqualTo("ab…");
        assertThat(Ledger.shorten("ab\uD83D\uDE00cd", 5)).isEqualTo("ab\uD83D\uDE00…");
        assertThat(Ledger.shorten("abcd", 4)).isEqualTo("abcd");
    }
}
