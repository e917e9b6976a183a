package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.error.BodyTooLargeException;
import dev.hark.error.ClosedException;
import dev.hark.error.HarkException;
import dev.hark.error.InvalidInputException;
import dev.hark.error.NewerLayoutException;
import dev.hark.error.NotDurableException;
import dev.hark.error.NotPublishedException;
import dev.hark.error.PublishUnknownException;
import dev.hark.error.QueueFullException;
import dev.hark.error.UnavailableException;
import dev.hark.error.UnsafeServerException;
import dev.hark.error.WrongTypeException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What fails with one kind of exception is thrown as that kind, and as no other. */
class FailureKindsTest {

    static Stream<HarkException> failures() {
        return Stream.of(
                new InvalidInputException("told"),
                new BodyTooLargeException("told"),
                new WrongTypeException("told"),
                new NewerLayoutException("told"),
                new UnavailableException("told"),
                new UnsafeServerException("told"),
                new NotPublishedException("told"),
                new QueueFullException("told"),
                new PublishUnknownException("told"),
                new NotDurableException("told", new Receipt("1", "mail", Durability.MEMORY), null),
                new ClosedException("told"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatPublishingFailedWithIsThrownAsTheSameKind(HarkException failure) {
        assertThat(MessageQueue.again(failure))
                .isExactlyInstanceOf(failure.getClass())
                .hasMessage("told")
                .hasCause(failure);
    }

    @Test
    void allKindsAreTried() {
        assertThat(failures().map(Object::getClass))
                .containsExactlyInAnyOrder(HarkException.class.getPermittedSubclasses());
    }
}
