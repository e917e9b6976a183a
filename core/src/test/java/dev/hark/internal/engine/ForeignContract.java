package dev.hark.internal.engine;

import static dev.hark.internal.engine.QueueDriver.body;
import static dev.hark.internal.engine.QueueDriver.envelope;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.InspectStore.Buried;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.message.Ledger;
import dev.hark.internal.engine.message.Meta;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Entries that other programs add. */
interface ForeignContract extends StoreContract {

    @Test
    default void aBodyIsEnough() {
        QueueDriver queue = queue().open("s");

        String entry = queue.addForeign(Map.of("body", "hello"));

        queue.strangers(1);
        queue.assertConserved();
        queue.strangers(-1);
        Claimed claimed = queue.claimOne("s");
        Envelope envelope = envelope(claimed);
        assertThat(claimed.entry()).isEqualTo(entry);
        assertThat(envelope.id()).isEqualTo(entry);
        assertThat(entry).startsWith(envelope.publishedAtMillis() + "-");
        assertThat(body(envelope)).isEqualTo("hello");
        assertThat(envelope.meta()).isEmpty();
        assertThat(envelope.attempts()).isZero();
        assertThat(envelope.foreign()).isTrue();
        assertThat(queue.info().published()).isZero();
        queue.done("s", List.of(claimed));
        assertThat(queue.info().published()).isEqualTo(1);
        assertThat(queue.info().done()).isEqualTo(1);
    }

    @Test
    default void metaIsTakenAndOtherFieldsAreNot() {
        QueueDriver queue = queue().open("s");
        String meta = new Meta("type", null, Map.of()).write();
        queue.addForeign(Map.of("a", "1", "meta", meta, "body", "hello", "z", "2"));
        Claimed first = queue.claimOne("s");

        queue.settle("s", new Settlement.Again(first.entry()));

        for (Envelope envelope : List.of(envelope(first), envelope(queue.claimOne("s")))) {
            assertThat(envelope.meta()).isEqualTo(meta);
            assertThat(body(envelope)).isEqualTo("hello");
            assertThat(envelope.id()).isEqualTo(first.entry());
        }
    }

    @Test
    default void metaOfSeveralLinesStaysReadable() {
        QueueDriver queue = queue().open("s");
        queue.addForeign(Map.of("meta", "{\n  \"type\": \"letter\",\r\n  \"key\": \"k\"\n}", "body", "hello"));
        Claimed first = queue.claimOne("s");

        queue.settle("s", new Settlement.Again(first.entry(), 0, "boom"));

        Envelope again = envelope(queue.claimOne("s"));
        assertThat(Meta.read(again.meta())).isEqualTo(new Meta("letter", "k", Map.of()));
        assertThat(Ledger.read(again.log())).hasSize(1);
    }

    @Test
    default void foreignAndOwnMessagesMayBeDoneTogether() {
        QueueDriver queue = queue().open("s");
        queue.publish("own");
        queue.addForeign(Map.of("body", "foreign"));
        queue.publish("own");
        queue.addForeign(Map.of("body", "foreign"));

        queue.done("s", queue.claim("s", 4));

        assertThat(queue.info())
                .extracting(QueueInfo::published, QueueInfo::done, QueueInfo::active)
                .containsExactly(4L, 4L, 0L);
    }

    @ParameterizedTest
    @MethodSource("dev.hark.internal.engine.Outcomes#handingOver")
    default void aHandOverAdoptsOnce(Function<String, Settlement> handOver) {
        QueueDriver queue = queue().open("s");
        String entry = queue.addForeign(Map.of("body", "hello"));

        queue.settle("s", handOver.apply(queue.claimOne("s").entry()));

        assertThat(queue.info().published()).isEqualTo(1);
        queue.assertConserved();
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        store().dead(queue.address(), null, 1)
                .forEach(dead -> store().revive(queue.address(), List.of(dead.position())));
        Claimed again = queue.claimOne("s");
        assertThat(envelope(again).foreign()).isFalse();
        assertThat(envelope(again).id()).isEqualTo(entry);
        assertThat(body(envelope(again))).isEqualTo("hello");
        queue.done("s", List.of(again));
        assertThat(queue.info().published()).isEqualTo(1);
        assertThat(queue.info().done()).isEqualTo(1);
    }

    @Test
    default void aTakeoverAdoptsOnce() {
        QueueDriver queue = queue().open("lost", "s");
        String entry = queue.addForeign(Map.of("body", "hello"));
        queue.claimOne("lost");

        queue.takeOver("lost", TakeoverMode.CLOSED);

        assertThat(queue.info().published()).isEqualTo(1);
        Claimed again = queue.claimOne("s");
        assertThat(envelope(again).id()).isEqualTo(entry);
        assertThat(envelope(again).attempts()).isEqualTo(1);
        queue.done("s", List.of(again));
        assertThat(queue.info().published()).isEqualTo(1);
    }

    @Test
    default void whatHasNoBodyIsBuriedWithItsFields() {
        QueueDriver queue = queue().open("s");
        queue.addForeign(Map.of("to", "a@example.org", "text", "\"hi\" – 你好"));
        Claimed claimed = queue.claimOne("s");
        assertThat(claimed.content()).isInstanceOf(Content.Illegible.class);
        assertThat(((Content.Illegible) claimed.content()).reason()).contains("body", "to", "text");

        queue.settle("s", new Settlement.Bury(claimed.entry(), "no body", false));

        Buried dead = store().dead(queue.address(), null, 1).get(0);
        assertThat(dead.reason()).isEqualTo("no body");
        assertThat(dead.envelope().id()).isEqualTo(claimed.entry());
        assertThat((Object) new JsonMapper().readValue(dead.envelope().body(), Map.class))
                .isEqualTo(Map.of("to", "a@example.org", "text", "\"hi\" – 你好"));
        assertThat(queue.info())
                .extracting(QueueInfo::published, QueueInfo::dead)
                .containsExactly(1L, 1L);
    }

    @Test
    default void whatHasNoBodyKeepsItsFieldsThroughEveryHandOver() {
        QueueDriver queue = queue().open("lost", "s");
        queue.addForeign(Map.of("to", "a@example.org"));
        queue.claimOne("lost");

        queue.takeOver("lost", TakeoverMode.CLOSED);
        queue.settle("s", new Settlement.Again(queue.claimOne("s").entry()));
        queue.settle("s", new Settlement.Again(queue.claimOne("s").entry(), 60_000));
        assertThat(queue.info().published()).as("not before it is buried").isZero();
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        queue.settle("s", new Settlement.Bury(queue.claimOne("s").entry(), "no body", false));

        Buried dead = store().dead(queue.address(), null, 1).get(0);
        assertThat(body(dead.envelope())).isEqualTo("{\"to\":\"a@example.org\"}");
        assertThat(queue.info().published()).isEqualTo(1);
    }

    @Test
    default void anEnvelopeWithoutABodyIsUnreadableAndNotLost() {
        QueueDriver queue = queue().open("lost", "s");
        queue.strangers(2);
        queue.addForeign(Map.of("hark", "1", "meta", ""));
        queue.addForeign(Map.of("hark", "1 id-1 1700000000000 2 1", "text", "x"));
        queue.claim("lost", 2);

        assertThat(queue.takeOver("lost", TakeoverMode.CLOSED)).isEqualTo(2);
        queue.assertConserved();
        List<Claimed> claimed = queue.claim("s", 2);
        assertThat(claimed).allMatch(one -> one.content() instanceof Content.Illegible);
        claimed.forEach(one -> queue.settle("s", new Settlement.Again(one.entry())));
        queue.claim("s", 2).forEach(one -> queue.settle("s", new Settlement.Bury(one.entry(), "no body", false)));

        assertThat(queue.info().dead()).isEqualTo(2);
    }

    @Test
    default void aNewerEnvelopeIsParkedAndNotCounted() {
        QueueDriver queue = queue().open("lost", "s");
        queue.strangers(1);
        queue.addForeign(Map.of("hark", "2 something new", "body", "x"));
        Claimed first = queue.claimOne("lost");
        assertThat(first.content()).isEqualTo(new Content.Unknown("2"));

        queue.takeOver("lost", TakeoverMode.CLOSED);
        queue.settle("s", new Settlement.Again(queue.claimOne("s").entry(), 60_000));

        assertThat(queue.info())
                .extracting(QueueInfo::later, QueueInfo::published)
                .containsExactly(1L, 0L);
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        assertThat(queue.claimOne("s").content()).isEqualTo(new Content.Unknown("2"));
    }

    @Test
    default void aNewerEnvelopeNeedsNoBody() {
        QueueDriver queue = queue().open("s");
        queue.strangers(1);

        queue.addForeign(Map.of("hark", "2", "parts", "x"));

        assertThat(queue.claimOne("s").content()).isEqualTo(new Content.Unknown("2"));
    }

    @Test
    default void twoMessagesOfOneIdAreBothKept() {
        QueueDriver queue = queue().open("s");
        queue.strangers(2);
        for (String body : List.of("first", "second")) {
            queue.addForeign(Map.of("hark", "1 twin 1700000000000 0 0", "body", body));
            queue.settle("s", new Settlement.Again(queue.claimOne("s").entry(), 60_000));
        }

        assertThat(queue.info().later()).isEqualTo(2);
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        assertThat(QueueDriver.bodies(queue.claim("s", 2))).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    default void anEnvelopeThatIsNoneIsBuriedWithItsBody() {
        QueueDriver queue = queue().open("lost", "s");
        queue.strangers(4);
        for (String head : List.of("1 broken", "1 x 1 -5 0", "1 a\tb 1 0 0", "")) {
            queue.addForeign(Map.of("hark", head, "body", "as it is"));
        }
        queue.claim("lost", 4);
        queue.takeOver("lost", TakeoverMode.CLOSED);
        List<Claimed> claimed = queue.claim("s", 4);
        assertThat(claimed).allMatch(one -> one.content() instanceof Content.Illegible);
        assertThat(((Content.Illegible) claimed.get(1).content()).reason()).contains("'1 x 1 -5 0'");

        claimed.forEach(one -> queue.settle("s", new Settlement.Bury(one.entry(), "no envelope", true)));

        assertThat(store().dead(queue.address(), null, 5))
                .hasSize(4)
                .extracting(
                        dead -> body(dead.envelope()),
                        dead -> dead.envelope().attempts(),
                        dead -> dead.envelope().recoveries())
                .containsOnly(org.assertj.core.groups.Tuple.tuple("as it is", 1, 0));
        store().revive(
                        queue.address(),
                        List.of(store().dead(queue.address(), null, 1).get(0).position()));
        assertThat(body(envelope(queue.claimOne("s")))).isEqualTo("as it is");
    }

    @Test
    default void attemptsGrowNoLongerThanAnEnvelopeMaySay() {
        QueueDriver queue = queue().open("lost", "s");
        queue.strangers(1);
        queue.addForeign(Map.of("hark", "1 x 1 999999999 999999999", "body", "x"));

        queue.settle("s", new Settlement.Again(queue.claimOne("s").entry(), 0, "boom"));
        queue.claimOne("lost");
        queue.takeOver("lost", TakeoverMode.CLOSED);

        Envelope envelope = envelope(queue.claimOne("s"));
        assertThat(envelope.attempts()).isEqualTo(999_999_999);
        assertThat(envelope.recoveries()).isEqualTo(999_999_999);
    }
}
