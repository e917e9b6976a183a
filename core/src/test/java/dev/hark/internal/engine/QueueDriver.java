package dev.hark.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.ListenStore.Sweep;
import dev.hark.internal.engine.ListenStore.Takeover;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Placed;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.message.Envelope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One queue in the hands of a test: short words for the transitions, and the numbering that publishers and settlers do. */
public final class QueueDriver {

    public static final Duration LEASE = Duration.ofSeconds(10);

    private final StoreRig rig;
    private final Store store;
    private final Address address;
    private long published;
    private long settled;
    private int strangers;

    public QueueDriver(StoreRig rig, String name) {
        this.rig = rig;
        this.store = rig.store();
        address = Address.of(name);
    }

    public Address address() {
        return address;
    }

    public String name() {
        return address.name();
    }

    // ---- publishing

    public List<String> publish(String... bodies) {
        return publish(Publication.NOW, bodies);
    }

    public List<String> publish(Publication.Due due, String... bodies) {
        List<String> ids = accepted(publish(
                published + 1,
                Arrays.stream(bodies).map(body -> message(due, body)).toList()));
        published++; // a refused batch has not used its number
        return ids;
    }

    public List<String> publishAfter(Duration delay, String... bodies) {
        return publish(new Publication.Due.After(delay.toMillis()), bodies);
    }

    /** This many messages, whose bodies are their numbers. */
    public List<String> publishMany(int count, Publication.Due due) {
        List<String> ids = new ArrayList<>(count);
        for (int from = 0; from < count; from += 500) {
            ids.addAll(publish(due, numbers(from, Math.min(count, from + 500)).toArray(String[]::new)));
        }
        return ids;
    }

    public static Stream<String> numbers(int from, int to) {
        return java.util.stream.IntStream.range(from, to).mapToObj(Integer::toString);
    }

    public PublishReply publish(long sequence, List<Publication> messages) {
        return store.publish(batch(sequence, messages));
    }

    public Batch batch(long sequence, List<Publication> messages) {
        return new Batch(address, "sender", sequence, "nonce", messages);
    }

    public static Publication message(Publication.Due due, String body) {
        return new Publication(due, "", body.getBytes(UTF_8));
    }

    public static Publication message(String body) {
        return message(Publication.NOW, body);
    }

    public static List<String> accepted(PublishReply reply) {
        assertThat(reply).isInstanceOf(PublishReply.Accepted.class);
        return ((PublishReply.Accepted) reply).placed().stream().map(Placed::id).toList();
    }

    // ---- listening

    /** Opens sessions with the usual lease. */
    public QueueDriver open(String... sessions) {
        for (String session : sessions) {
            store.open(address, session, LEASE);
        }
        return this;
    }

    /** Claims without waiting. */
    public List<Claimed> claim(String session, int max) {
        try (ListenStore.ClaimSource source = store.claims(List.of(address))) {
            return source.claim(session, max, Duration.ZERO);
        }
    }

    public Claimed claimOne(String session) {
        List<Claimed> claimed = claim(session, 1);
        assertThat(claimed).hasSize(1);
        return claimed.get(0);
    }

    /** Claims all that waits. */
    public List<Claimed> claimAll(String session) {
        List<Claimed> all = new ArrayList<>();
        for (List<Claimed> some = claim(session, 500); !some.isEmpty(); some = claim(session, 500)) {
            all.addAll(some);
        }
        return all;
    }

    public SettleReply settle(String session, Settlement... settlements) {
        return settle(session, Arrays.asList(settlements));
    }

    public SettleReply settle(String session, List<Settlement> settlements) {
        return store.settle(new SettleBatch(address, session, ++settled, settlements));
    }

    public SettleReply done(String session, Collection<Claimed> claimed) {
        List<Settlement> settlements = new ArrayList<>();
        for (Claimed one : claimed) {
            boolean foreign = one.content() instanceof Content.Legible(Envelope envelope) && envelope.foreign();
            settlements.add(new Settlement.Done(one.entry(), foreign));
        }
        return settle(session, settlements);
    }

    public Sweep sweep(String session) {
        return store.sweep(address, session, LEASE, "");
    }

    /** Takes over in as many steps as it needs; says how many messages there were. */
    public int takeOver(String session, TakeoverMode mode) {
        int moved = 0;
        for (int steps = 1; true; steps++) {
            Takeover step = store.takeOver(address, session, mode);
            moved += step.moved();
            if (!step.more()) {
                return moved;
            }
            assertThat(steps).as("steps, and there is more still").isLessThan(100);
        }
    }

    /** A lease passes, and whatever the session held is handed over. */
    public int lapse(String session) {
        rig.age(address, LEASE.plusSeconds(1));
        return takeOver(session, TakeoverMode.LAPSED);
    }

    public void turnClock(Duration by) {
        rig.turnClock(address, by);
    }

    public void age(Duration by) {
        rig.age(address, by);
    }

    public ListenStore.Promotion promote() {
        return store.promote(address);
    }

    /** Makes a message a dead letter; returns its position. */
    public String bury(String session, String body, String reason) {
        publish(body);
        settle(session, new Settlement.Bury(claimOne(session).entry(), reason, true));
        List<InspectStore.Buried> dead = store.dead(address, null, Integer.MAX_VALUE);
        return dead.get(dead.size() - 1).position();
    }

    // ---- other programs

    public String addForeign(Map<String, String> fields) {
        return rig.addForeign(address, fields);
    }

    /** This many entries will never count as published, since whoever wrote them pretended to be Hark. */
    public void strangers(int count) {
        strangers += count;
    }

    // ---- looking

    public QueueInfo info() {
        return store.info(address);
    }

    public static Envelope envelope(Claimed claimed) {
        assertThat(claimed.content()).isInstanceOf(Content.Legible.class);
        return ((Content.Legible) claimed.content()).envelope();
    }

    public static long millis(NextDue due) {
        assertThat(due).isInstanceOf(NextDue.In.class);
        return ((NextDue.In) due).millis();
    }

    public static String body(Envelope envelope) {
        return new String(envelope.body(), UTF_8);
    }

    public static List<String> bodies(List<Claimed> claimed) {
        return claimed.stream().map(one -> body(envelope(one))).toList();
    }

    public static List<String> ids(List<Claimed> claimed) {
        return claimed.stream().map(one -> envelope(one).id()).toList();
    }

    public static List<String> entries(List<Claimed> claimed) {
        return claimed.stream().map(Claimed::entry).toList();
    }

    /** No message is lost or made up: all that was published is somewhere. */
    public void assertConserved() {
        QueueInfo info = info();
        assertThat(info.missing() + strangers).as("missing of %s", info).isZero();
        assertThat(info.waiting()).as("waiting in %s", info).isNotNegative();
    }
}
