package dev.hark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.DeadLetter;
import dev.hark.event.Event;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Programs without Hark publish with one command. */
class ForeignProducerTest extends OnRedis {

    private final BlockingQueue<Message<String>> handled = new LinkedBlockingQueue<>();

    private String add(Object... fields) {
        Object[] args = new Object[fields.length + 2];
        args[0] = "hark:{mail}:ready";
        args[1] = "*";
        System.arraycopy(fields, 0, args, 2, fields.length);
        return redis.stranger().text("XADD", args);
    }

    private void listen() {
        hark.listener()
                .handleMessage(mail, message -> {
                    handled.add(message);
                    if (message.body().startsWith("fails")) {
                        throw new IllegalStateException("as planned");
                    }
                    return Outcome.done();
                })
                .retry(RetryPolicy.fixed(java.time.Duration.ofMillis(10)).maxAttempts(2))
                .start();
    }

    @Test
    void aBodyAloneIsAMessageAlsoBeforeHarkSawTheQueue() throws Exception {
        String id = add("body", "hello");
        assertThat(hark.inspector().queues()).isEmpty();

        listen();

        Message<String> message = handled.poll(30, TimeUnit.SECONDS);
        assertThat(message.id()).isEqualTo(id);
        assertThat(message.body()).isEqualTo("hello");
        assertThat(message.attempt()).isEqualTo(1);
        awaitDone(1);
        assertThat(info().published()).isEqualTo(1);
    }

    @Test
    void itsOtherFieldsDoNotHurt() throws Exception {
        listen();
        add("colour", "red", "body", "hello", "x", "");
        add("meta", "{\"type\":\"t\",\"headers\":{\"a\":\"b\"}}", "body", "with meta");

        assertThat(handled.poll(30, TimeUnit.SECONDS).body()).isEqualTo("hello");
        Message<String> second = handled.poll(30, TimeUnit.SECONDS);
        assertThat(second.type()).isEqualTo("t");
        assertThat(second.headers()).isEqualTo(Map.of("a", "b"));
        awaitDone(2);
        assertThat(info().published()).isEqualTo(2);
    }

    @Test
    void withoutABodyItIsDeadWithWhatItHad() {
        listen();
        add("text", "hello", "n", 1);
        add("body", "after it");

        awaitDone(1);
        OnBothStores.patiently().until(() -> info().dead() == 1);
        DeadLetter dead = hark.inspector().queue("mail").dead().list(1).get(0);
        assertThat(dead.reason()).contains("no field 'body'", "'text'", "'n'");
        assertThat(dead.body()).asString().contains("hello");
        assertThat(info().published()).isEqualTo(2);
        assertThat(handled).hasSize(1);
    }

    @Test
    void metaThatIsNoneIsDead() {
        listen();
        add("body", "hello", "meta", "{broken");

        OnBothStores.patiently().until(() -> info().dead() == 1);
        assertThat(hark.inspector().queue("mail").dead().list(1).get(0).reason())
                .contains("meta", "{broken");
        assertThat(handled).isEmpty();
    }

    @Test
    void itIsCountedOnceHoweverOftenItIsTried() {
        listen();
        add("body", "fails twice");

        OnBothStores.patiently().until(() -> info().dead() == 1);
        assertThat(handled).extracting(Message::attempt).containsExactly(1, 2);
        assertThat(info().published()).isEqualTo(1);
    }

    @Test
    void anEnvelopeOfTheFutureIsLeftToANewerListener() {
        listen();
        add("hark", "9 what ever", "body", "hello", "new", "field");

        OnBothStores.patiently().until(() -> info().later() == 1);
        assertThat(events.of(Event.Parked.class))
                .singleElement()
                .extracting(Event.Parked::reason)
                .asString()
                .contains("'9'");
        assertThat(handled).isEmpty();
        redis.stranger().call("HINCRBY", "hark:{mail}:stats", "published", 1); // as whoever wrote it would have
    }

    @Test
    void metaDataThatIsNoUtf8IsDeadAndUnchanged() {
        listen();
        byte[] meta = "{\"key\":\"\u00ff\"}".getBytes(ISO_8859_1);

        add("meta", meta, "body", "hello");

        OnBothStores.patiently().until(() -> info().dead() == 1);
        assertThat(hark.inspector().queue("mail").dead().list(10))
                .allSatisfy(dead -> assertThat(dead.reason()).contains("the meta data", "no UTF-8 from byte 8"));
        assertThat(redis.stranger().list("XRANGE", "hark:{mail}:dead", "-", "+").toString())
                .satisfies(dead -> assertThat(dead.split("key", -1)).hasSize(2));
        assertThat(handled).isEmpty();
    }
}
