package dev.hark.internal.redis;

import static dev.hark.internal.engine.QueueDriver.accepted;
import static dev.hark.internal.engine.QueueDriver.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.redis.scripts.Script;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;

/** Counters, and the settled floor. */
class HostileFiguresTest extends HostileInput {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "published",
                "done",
                "retried",
                "recovered",
                "refused",
                "deleted",
                "dropped",
                "copies",
                "delayed",
                "listed",
                "floor"
            })
    void noCounterStopsAScriptHalfWay(String counter) {
        for (String forged : List.of(MOST, "-" + MOST, "many", "nan", "1e9", "")) {
            fresh();
            queue.open("s", "lost");
            queue.publish("a", "b", "c", "d", "e", "f", "g");
            rig.call(Command.HSET, key("stats"), counter, forged);

            everything();

            assertThat(QueueDriver.bodies(queue.claimAll("s")))
                    .as("%s %s", counter, forged)
                    .containsExactlyInAnyOrder("b", "c", "g", "x", "y", "z");
        }
    }

    /** Each transition once, so that "a" is done, "d", "e" and "f" are gone, and all others wait. */
    private void everything() {
        List<Claimed> held = queue.claim("s", 6);
        queue.done("s", held.subList(0, 1));
        queue.done("s", held.subList(0, 1));
        queue.settle("s", new Settlement.Again(held.get(1).entry(), 0, "failed"));
        queue.settle("s", new Settlement.Again(held.get(2).entry(), 1_000, "failed"));
        queue.settle("s", new Settlement.Bury(held.get(3).entry(), "boom", true));
        String position = rig.store().dead(queue.address(), null, 1).get(0).position();
        rig.store().discard(queue.address(), List.of(position));
        for (Claimed deleted : held.subList(4, 6)) {
            rig.call(Command.XDEL, key("ready"), deleted.entry());
        }
        queue.settle("s", new Settlement.Again(held.get(4).entry()));
        queue.takeOver("s", TakeoverMode.CLOSED);
        queue.open("s");
        accepted(queue.publish(2, List.of(message("x"), message(new Publication.Due.After(1_000), "y"))));
        QueueSettings limit = QueueSettings.NONE.maxLength(1_000).overflow(Overflow.DROP_OLDEST);
        accepted(rig.store().publish(new Batch(queue.address(), "limited", 1, "n", List.of(message("z")), limit)));
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        queue.sweep("lost");
        queue.info();
        rig.store().examine(queue.address());
        rig.run(Script.WEIGH, List.of(key("ready"), key("later"), key("held"), key("dead"), key("stats")), List.of());
        queue.open("s");
    }

    @ParameterizedTest
    @ValueSource(strings = {MOST, "5", "many", "5-", "99999999999999999999-0", "1-99999999999999999999", "-1"})
    void aFloorThatIsNoIdIsNone(String floor) {
        queue.publish("a");
        rig.call(Command.HSET, key("stats"), "floor", floor, "listed", MOST);

        queue.open("s");

        assertThat(QueueDriver.bodies(queue.claim("s", 2))).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {MOST, "-" + MOST})
    void aForgedCounterMakesNoRoomAndDropsNothing(String listed) {
        queue.publish("a", "b");
        rig.call(Command.HSET, key("stats"), "listed", listed);
        QueueSettings two = QueueSettings.NONE.maxLength(3).overflow(Overflow.DROP_OLDEST);

        accepted(rig.store().publish(new Batch(queue.address(), "p", 1, "n", List.of(message("c")), two)));

        assertThat(rig.number(Command.XLEN, key("ready"))).isEqualTo(3);
    }

    @Test
    void aQueueThatIsIdleForgetsAForgedCounter() {
        queue.open("s").publish("a");
        queue.done("s", queue.claimAll("s"));
        rig.call(Command.HINCRBY, key("stats"), "listed", -1_000);

        queue.sweep("s");

        assertThat(queue.info()).extracting(QueueInfo::waiting, QueueInfo::done).containsExactly(0L, 1L);
    }

    @Test
    void aTypeErrorIsStillOne() {
        rig.call(Command.RPUSH, key("stats"), "not Hark's");

        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> queue.publish("x"));
        assertThat(rig.number(Command.EXISTS, key("ready"))).isZero();
    }
}
