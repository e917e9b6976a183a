package dev.hark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import dev.hark.error.InvalidInputException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Bodies as JSON: what can be written can be read, or is refused when the queue is made. */
class JsonCodecsTest {

    private final Codecs codecs = new JsonCodecs();

    // ---- what cannot be read

    sealed interface Shape {}

    record Circle(double radius) implements Shape {}

    record Holder(Shape shape) {}

    record Many(Map<String, List<Shape>> shapes) {}

    record Row(Shape[] shapes) {}

    record Perhaps(Optional<Shape> shape) {}

    record Shared(AtomicReference<Shape> shape) {}

    record Deep(List<Optional<Holder>> holders) {}

    static final class Sealed {
        public final int a;

        Sealed(int a) {
            this.a = a;
        }
    }

    record Without(Sealed part) {}

    @SuppressWarnings("ClassCanBeStatic") // which is the point
    final class Inner {
        public int a;
    }

    record Inside(Inner part) {}

    record Iterating(Iterator<String> them) {}

    record Streaming(Stream<String> them) {}

    static final class Key {
        public int a;
    }

    record Keyed(Map<Key, String> by) {}

    @ParameterizedTest
    @CsvSource({
        "Holder, Holder.shape (",
        "Many, Many.shapes[][] (",
        "Row, Row.shapes[] (",
        "Perhaps, Perhaps.shape[] (",
        "Shared, Shared.shape[] (",
        "Deep, Deep.holders[][].shape (",
        "Sealed, Sealed (",
        "Without, Without.part (",
        "Inside, Inside.part (",
        "Iterating, Iterating.them (",
        "Streaming, Streaming.them (",
        "Keyed, Key",
        "Shape, Shape ("
    })
    void aTypeOfWhichAnyPartCannotBeReadIsRefusedWithItsPlace(String name, String place) throws Exception {
        Class<?> type = Class.forName(JsonCodecsTest.class.getName() + "$" + name);

        assertThatThrownBy(() -> codecs.of(type))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(type.getName(), place, "give a Codec instead");
    }

    // ---- what can

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(value = Dog.class, name = "dog"))
    interface Animal {}

    record Dog(int age) implements Animal {}

    record Zoo(
            Animal one,
            List<Animal> list,
            Map<String, Animal> map,
            Optional<Animal> optional,
            List<List<Animal>> lists,
            Animal[] array,
            AtomicReference<Animal> reference) {}

    record Told(
            @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Shape one,
            @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) List<Shape> list,
            @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Map<String, Shape> map) {}

    static final class Reader extends ValueDeserializer<Shape> {
        @Override
        public Shape deserialize(JsonParser json, DeserializationContext context) {
            return new Circle(json.getDoubleValue());
        }
    }

    record Read(
            @JsonDeserialize(using = Reader.class) Shape one,
            @JsonDeserialize(contentUsing = Reader.class) List<Shape> list,
            @JsonDeserialize(contentUsing = Reader.class) Optional<Shape> optional) {}

    @JsonDeserialize(as = Made.class)
    interface Mapped {}

    record Made(int a) implements Mapped {}

    record Mapping(Mapped one, List<Mapped> list, Optional<Mapped> optional) {}

    record Tree(
            String name,
            List<Tree> children,
            Map<String, Tree> by,
            Optional<Tree> next,
            @Nullable Tree parent) {}

    record Generic<X>(X one, List<X> list) {}

    record Generics(Generic<String> texts, Generic<Generic<Integer>> nested) {}

    record Common(
            Thread.State anEnum,
            EnumMap<Thread.State, String> enumMap,
            EnumSet<Thread.State> enumSet,
            Instant instant,
            LocalDate date,
            Duration duration,
            ZonedDateTime zoned,
            UUID uuid,
            URI uri,
            BigDecimal decimal,
            BigInteger integer,
            Object anything,
            JsonNode node,
            Map<String, Object> map,
            Collection<String> collection,
            Iterable<String> iterable,
            Set<Integer> set,
            SortedMap<Integer, String> sorted,
            Map<UUID, Thread.State> byId,
            Deque<String> deque,
            int[] ints,
            byte[] bytes,
            String[] texts,
            char letter,
            CharSequence sequence,
            Number number,
            Serializable serializable,
            Locale locale,
            OptionalInt optionalInt,
            Map.Entry<String, String> entry,
            List<?> wild) {}

    static final class Bean {
        private @Nullable String name;
        private @Nullable List<Bean> parts;

        public @Nullable String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public @Nullable List<Bean> getParts() {
            return parts;
        }

        public void setParts(List<Bean> parts) {
            this.parts = parts;
        }
    }

    static final class Created {
        public final int a;

        @JsonCreator
        Created(@JsonProperty("a") int a) {
            this.a = a;
        }
    }

    static final class Valued {
        private final String text;

        @JsonCreator
        Valued(String text) {
            this.text = text;
        }

        @JsonValue
        String text() {
            return text;
        }
    }

    record Parts(Created created, Valued valued, Throwable thrown) {}

    static final class Outer {
        public @Nullable In in;

        @SuppressWarnings("ClassCanBeStatic") // which is the point
        public class In {
            public int a;
        }
    }

    @JsonIdentityInfo(generator = ObjectIdGenerators.IntSequenceGenerator.class)
    static final class Identified {
        public @Nullable Identified other;
    }

    record Ignoring(@JsonIgnore Shape shape, int a) {}

    static List<Class<?>> readable() {
        return List.of(
                Zoo.class,
                Told.class,
                Read.class,
                Mapping.class,
                Tree.class,
                Generics.class,
                Common.class,
                Bean.class,
                Parts.class,
                Outer.class,
                Identified.class,
                Ignoring.class,
                Animal.class,
                Circle.class,
                List.class,
                Map.class,
                Object.class,
                JsonNode.class,
                int.class,
                Bean[].class,
                Optional.class,
                Instant.class);
    }

    @ParameterizedTest
    @MethodSource("readable")
    void aTypeThatCanBeReadIsNotRefused(Class<?> type) {
        assertThat(codecs.of(type)).isNotNull();
    }

    // ---- what can be written is read again

    record Numbers(BigInteger integer, BigDecimal decimal) {}

    @Test
    void numbersTextsAndNamesOfAnyLengthAreReadAgain() throws Exception {
        BigInteger large = BigInteger.TEN.pow(5_000);
        Numbers numbers = new Numbers(large, new BigDecimal(large.add(BigInteger.ONE), 2_000));
        Map<String, Object> named = Map.of("k".repeat(100_000), large, "b", "ä".repeat(200_000));

        assertThat(again(Numbers.class, numbers)).isEqualTo(numbers);
        assertThat(again(Object.class, named)).isEqualTo(named);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 499, 500, 501, 1_001, 5_000})
    void whatIsTooDeepToBeReadIsTooDeepToBeWritten(int depth) throws Exception {
        List<Object> deep = new ArrayList<>();
        for (int i = 1; i < depth; i++) {
            deep = new ArrayList<>(List.of(deep));
        }
        byte[] json = ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
        List<Object> body = deep;

        if (depth <= 500) {
            assertThat(codecs.of(Object.class).encode(body)).isEqualTo(json);
            assertThat(codecs.of(Object.class).decode(json)).isNotNull();
        } else {
            assertThatThrownBy(() -> codecs.of(Object.class).encode(body)).hasMessageContaining("depth");
            assertThatThrownBy(() -> codecs.of(Object.class).decode(json)).hasMessageContaining("depth");
        }
    }

    @Test
    void theErrorOfABodyThatHoldsItselfIsShort() {
        List<Object> circle = new ArrayList<>();
        circle.add(circle);

        assertThatThrownBy(() -> Bodies.encode(codecs.of(Object.class), circle, "queue mail"))
                .hasMessageContaining("depth")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(700));
    }

    record Text(String text) {}

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "\uDC00", "a\uD800b", "\uDC00\uD800", "\uFFFD", "\u0000", "\uD83D\uDE00"})
    void halvesOfCharactersAreReadAgain(String text) throws Exception {
        assertThat(again(Text.class, new Text(text))).isEqualTo(new Text(text));
    }

    /** In a name the parser takes them for broken. */
    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "\uDC00", "a\uDC00b"})
    void halvesOfCharactersInNamesAreRefused(String name) {
        assertThatThrownBy(() -> codecs.of(Object.class).encode(Map.of(name, 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("name with half of a character");
    }

    @Test
    void wholeCharactersInNamesAreReadAgain() throws Exception {
        Map<String, String> body = Map.of("\uD83D\uDE00", "\uD800", "\\ud800", "x");

        assertThat(again(Object.class, body)).isEqualTo(body);
    }

    private <T> T again(Class<T> type, T body) throws Exception {
        return codecs.of(type).decode(codecs.of(type).encode(body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00c3"})
    void bytesThatAreNoUtf8AreNotRead(String bytes) {
        byte[] json = ("{\"text\":\"" + bytes + "\"}").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> codecs.of(Text.class).decode(json)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void olderFormsOfUnicodeAre() throws Exception {
        byte[] json = "{\"text\":\"ä\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE);

        assertThat(codecs.of(Text.class).decode(json)).isEqualTo(new Text("ä"));
    }

    // ---- times

    record Times(ZonedDateTime zoned, OffsetDateTime offset, Map<ZonedDateTime, OffsetDateTime> keyed) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-07-01T09:00:00+02:00[Europe/Paris]",
                "2026-10-25T02:30:00+01:00[Europe/Paris]", // the second of the two that night
                "2026-10-25T02:30:00+02:00[Europe/Paris]",
                "2026-07-01T09:00:00.123456789+05:30[Asia/Kolkata]",
                "2026-07-01T09:00:00Z[UTC]",
                "2026-07-01T09:00:00Z",
                "2026-07-01T09:00:00+02:00"
            })
    void timesKeepTheirZoneAndOffset(String text) throws Exception {
        ZonedDateTime zoned = ZonedDateTime.parse(text);
        OffsetDateTime offset = zoned.toOffsetDateTime();

        assertThat(roundTrip(ZonedDateTime.class, zoned)).hasToString(zoned.toString()); // equal: the same instant
        assertThat(roundTrip(OffsetDateTime.class, offset)).hasToString(offset.toString());
        Times times = new Times(zoned, offset, Map.of(zoned, offset));
        assertThat(roundTrip(Times.class, times)).isEqualTo(times);
    }

    @Test
    void timesOfOtherProducersAreReadAsTheyAre() throws Exception {
        assertThat(codecs.of(ZonedDateTime.class).decode("\"2026-07-01T09:00:00+02:00\"".getBytes(UTF_8)))
                .hasToString("2026-07-01T09:00+02:00");
    }

    private <T> T roundTrip(Class<T> type, T body) throws Exception {
        Codec<T> codec = codecs.of(type);
        return codec.decode(codec.encode(body));
    }
}
