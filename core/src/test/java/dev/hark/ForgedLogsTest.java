package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.hark.event.Event;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Text of strangers begins no line of a log and plays with no terminal, whichever event tells of it. */
class ForgedLogsTest {

    private static final String HOSTILE = "x\n2030-01-01 ERROR forged\r\tb\u001b[2J\u009b2J\u202e\u2028";

    private final Logger logger = (Logger) LoggerFactory.getLogger(Hark.class);
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    private final Level before = logger.getLevel();

    @BeforeEach
    void write() {
        LoggerContext context = logger.getLoggerContext();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern("%level %msg%n%ex");
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(written);
        appender.start();
        logger.setLevel(Level.TRACE);
        logger.addAppender(appender);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(appender);
        logger.setLevel(before);
    }

    static List<Class<?>> kinds() {
        return List.of(Event.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void noEventForgesALine(Class<?> kind) throws Exception {
        Event event = event(kind);

        new LoggingObserver().on(event);
        new EventDispatch(any -> {
                    throw new IllegalStateException(HOSTILE);
                })
                .accept(event);

        assertThat(written.toString(StandardCharsets.UTF_8))
                .contains("ERROR the observer failed")
                .doesNotContain("\n2030", "\r", "\u001b", "\u009b", "\u202e", "\u2028");
    }

    private static Event event(Class<?> kind) throws Exception {
        RecordComponent[] parts = kind.getRecordComponents();
        Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(types).map(ForgedLogsTest::hostile).toArray();
        return (Event) kind.getDeclaredConstructor(types).newInstance(values);
    }

    private static Object hostile(Class<?> type) {
        if (type == String.class) {
            return HOSTILE;
        }
        if (type == List.class) {
            return List.of(HOSTILE);
        }
        if (type == Outcome.class) {
            return Outcome.dead(HOSTILE);
        }
        if (type == Throwable.class) {
            Throwable error = new IllegalStateException(HOSTILE, new IllegalArgumentException(HOSTILE));
            error.addSuppressed(new IllegalStateException(HOSTILE));
            return error;
        }
        if (type == Duration.class) {
            return Duration.ofSeconds(1);
        }
        if (type == QueueSettings.class) {
            return QueueSettings.NONE;
        }
        if (type == boolean.class) {
            return true;
        }
        return type == int.class ? (Object) 1 : (Object) 1L;
    }
}
