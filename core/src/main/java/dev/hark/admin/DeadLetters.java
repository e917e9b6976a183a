package dev.hark.admin;

import dev.hark.error.InvalidInputException;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.InspectStore;
import dev.hark.internal.engine.InspectStore.Buried;
import dev.hark.internal.engine.StoreFailures;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.message.Ledger;
import dev.hark.internal.engine.message.Meta;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The dead letters of one queue. Each call may throw what those of {@link Inspector} do. */
public final class DeadLetters {

    /** Bodies travel with the page, and a script moves it at once: 25 of the largest are 25 MiB. */
    private static final int PAGE = 25;

    private final Address queue;
    private final InspectStore store;

    DeadLetters(Address queue, InspectStore store) {
        this.queue = queue;
        this.store = store;
    }

    /**
     * The oldest, in order.
     *
     * @param limit at most so many, 1 to 1000
     */
    public List<DeadLetter> list(int limit) {
        return list(limit, null);
    }

    /**
     * Those that come next in order.
     *
     * @param limit at most so many, 1 to 1000
     * @param afterPosition only those after this {@link DeadLetter#position}; null for the oldest
     */
    public List<DeadLetter> list(int limit, @Nullable String afterPosition) {
        if (limit < 1 || limit > 1_000) {
            throw new InvalidInputException("limit " + limit + " is not allowed: it must be between 1 and 1000");
        }
        if (afterPosition != null && !afterPosition.matches("\\d{1,20}-\\d{1,20}")) {
            throw new InvalidInputException("'" + afterPosition + "' is no position of a dead letter");
        }
        return during(
                "read",
                () -> store.dead(queue, afterPosition, limit).stream()
                        .map(this::letter)
                        .toList());
    }

    /** The one with this id, or at this position. */
    public Optional<DeadLetter> find(String idOrPosition) {
        return during(
                "read",
                () -> Optional.ofNullable(store.findDead(queue, idOrPosition)).map(this::letter));
    }

    /** Puts one back into its queue, its attempts forgotten; false if there is none of this id. */
    public boolean retry(String idOrPosition) {
        return one(idOrPosition, store::revive);
    }

    /** Removes one for good; false if there is none of this id. */
    public boolean delete(String idOrPosition) {
        return one(idOrPosition, store::discard);
    }

    /** Puts all that exist now back into their queue; says how many. */
    public long retryAll() {
        return all(store::revive);
    }

    /** Removes all that exist now; says how many. */
    public long deleteAll() {
        return all(store::discard);
    }

    private boolean one(String idOrPosition, BiFunction<Address, List<String>, Integer> change) {
        return during("change", () -> {
            Buried found = store.findDead(queue, idOrPosition);
            return found != null && change.apply(queue, List.of(found.position())) == 1;
        });
    }

    private long all(BiFunction<Address, List<String>, Integer> change) {
        return during("change", () -> {
            long total = 0;
            long left = store.info(queue).dead(); // what dies meanwhile stays
            String after = null;
            while (left > 0) {
                List<String> page = store.dead(queue, after, (int) Math.min(PAGE, left)).stream()
                        .map(Buried::position)
                        .toList();
                if (page.isEmpty()) {
                    break;
                }
                total += change.apply(queue, page);
                left -= page.size();
                after = page.get(page.size() - 1);
            }
            return total;
        });
    }

    private <R> R during(String what, Supplier<R> work) {
        return StoreFailures.during("queue " + queue.name() + ": cannot " + what + " its dead letters", work);
    }

    private DeadLetter letter(Buried buried) {
        Envelope envelope = buried.envelope();
        Meta meta = meta(envelope);
        return new DeadLetter(
                envelope.id(),
                buried.position(),
                queue.name(),
                meta.type(),
                meta.key(),
                meta.headers(),
                envelope.body(),
                envelope.attempts(),
                Instant.ofEpochMilli(envelope.publishedAtMillis()),
                Instant.ofEpochMilli(buried.diedAtMillis()),
                buried.reason(),
                Ledger.read(envelope.log()));
    }

    private static Meta meta(Envelope envelope) {
        try {
            return Meta.read(envelope.meta());
        } catch (IllegalArgumentException e) {
            return Meta.NONE; // it may be why the message is here
        }
    }
}
