package dev.hark;

import dev.hark.internal.doctor.Doctor;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.InspectStore.Buried;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.message.Ledger;
import dev.hark.internal.engine.message.Meta;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be seen of queues, and done to them by hand. Each call may throw {@link UnavailableException} when
 * Redis cannot be reached, {@link WrongTypeException} when somebody else uses a key of Hark's, and
 * {@link NewerLayoutException} when a newer Hark has taken the queue over.
 */
public final class Inspector {

    /** Bodies travel with the page, and a script moves it at once: 25 of the largest are 25 MiB. */
    private static final int PAGE = 25;

    private final Store store;
    private final Doctor doctor;

    Inspector(Store store) {
        this.store = store;
        doctor = new Doctor(store, Names::allowedForQueue);
    }

    /** The names of all queues that a Hark has published to or listened to, in order. */
    public List<String> queueNames() {
        return Failures.during("cannot list the queues", store::queues);
    }

    /**
     * The figures of all queues that a Hark has published to or listened to, by name; an exception if those of one of them
     * cannot be read. To see the others beside it, ask for the {@link #queueNames} and then for each {@link #queue}.
     */
    public List<QueueInfo> queues() {
        return Failures.during(
                "cannot list the queues",
                () -> store.queues().stream().map(Address::of).map(store::info).toList());
    }

    /** The figures of one queue; all zero for one that does not exist. */
    public QueueInfo queue(String name) {
        Names.queue(name);
        return Failures.during("queue " + name + ": cannot read its figures", () -> store.info(Address.of(name)));
    }

    /** The settings of a queue; {@link QueueSettings#NONE} unless somebody has set some. */
    public QueueSettings settings(String queue) {
        Names.queue(queue);
        return Failures.during(
                "queue " + queue + ": cannot read its settings", () -> store.settings(Address.of(queue)));
    }

    /**
     * Changes settings of a queue, as an operator: programs that ask for others do not change them back, nor those that are
     * set to what they were. All others stay as they are, and the program's. Processes that listen to the queue go by them
     * at once, those that only publish within five seconds.
     *
     * @param change sets what is wanted in the present settings
     * @return the settings now
     */
    public QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
        QueueSettings wanted = change.apply(settings(queue).unnamed());
        return Failures.during(
                "queue " + queue + ": cannot change its settings",
                () -> store.configure(Address.of(queue), wanted, Owner.OPERATOR).now());
    }

    /**
     * Dead letters of a queue, oldest first.
     *
     * @param afterPosition only those after this {@link DeadLetter#position}; null for the first
     * @param limit at most so many, 1 to 1000
     */
    public List<DeadLetter> dead(String queue, @Nullable String afterPosition, int limit) {
        Names.queue(queue);
        if (limit < 1 || limit > 1_000) {
            throw new InvalidInputException("limit " + limit + " is not allowed: it must be between 1 and 1000");
        }
        if (afterPosition != null && !afterPosition.matches("\\d{1,20}-\\d{1,20}")) {
            throw new InvalidInputException("'" + afterPosition + "' is no position of a dead letter");
        }
        return Failures.during(
                "queue " + queue + ": cannot read its dead letters",
                () -> store.dead(Address.of(queue), afterPosition, limit).stream()
                        .map(buried -> letter(queue, buried))
                        .toList());
    }

    /** The dead letter with this id, or at this position. */
    public Optional<DeadLetter> deadLetter(String queue, String idOrPosition) {
        Names.queue(queue);
        return Failures.during(
                "queue " + queue + ": cannot read its dead letters",
                () -> Optional.ofNullable(store.findDead(Address.of(queue), idOrPosition))
                        .map(buried -> letter(queue, buried)));
    }

    /** Puts a dead letter back into its queue, its attempts forgotten; false if there is none of this id. */
    public boolean retryDead(String queue, String idOrPosition) {
        return one(queue, idOrPosition, store::revive);
    }

    /** Removes a dead letter for good; false if there is none of this id. */
    public boolean deleteDead(String queue, String idOrPosition) {
        return one(queue, idOrPosition, store::discard);
    }

    /** Puts all dead letters that exist now back into their queue; says how many. */
    public long retryAllDead(String queue) {
        return all(queue, store::revive);
    }

    /** Removes all dead letters that exist now; says how many. */
    public long deleteAllDead(String queue) {
        return all(queue, store::discard);
    }

    /** Removes a queue with everything in it. Whoever listens or publishes to it must have been closed before. */
    public void deleteQueue(String name) {
        Names.queue(name);
        Failures.during("queue " + name + ": cannot delete it", () -> {
            store.drop(Address.of(name));
            return true;
        });
    }

    /**
     * Looks at the servers and at all queues for what breaks promises, or will. Changes nothing. What this user of Redis
     * may not see is told as a finding; the role {@link Role#READER} sees all of queues.
     */
    public Diagnosis diagnose() {
        return Failures.during("cannot look at everything", doctor::diagnose);
    }

    /**
     * Does what {@link Finding#repair} says, as far as it is still called for: all is looked at anew. Safe beside running
     * listeners and publishers.
     *
     * @return what was done
     * @throws InvalidInputException if nothing can be done about such a finding
     */
    public String repair(Finding finding) {
        String queue = finding.queue();
        if (queue == null || !Doctor.repairs(finding.id())) {
            throw new InvalidInputException("a finding '" + finding.id() + "' cannot be repaired: " + finding.todo());
        }
        Names.queue(queue);
        return Failures.during(
                "queue " + queue + ": cannot repair '" + finding.id() + "'",
                () -> doctor.repair(finding.id(), Address.of(queue)));
    }

    private boolean one(String queue, String idOrPosition, BiFunction<Address, List<String>, Integer> change) {
        Names.queue(queue);
        return Failures.during("queue " + queue + ": cannot change its dead letters", () -> {
            Buried found = store.findDead(Address.of(queue), idOrPosition);
            return found != null && change.apply(Address.of(queue), List.of(found.position())) == 1;
        });
    }

    private long all(String queue, BiFunction<Address, List<String>, Integer> change) {
        Names.queue(queue);
        return Failures.during("queue " + queue + ": cannot change its dead letters", () -> {
            long total = 0;
            long left = store.info(Address.of(queue)).dead(); // what dies meanwhile stays
            String after = null;
            while (left > 0) {
                List<String> page = store.dead(Address.of(queue), after, (int) Math.min(PAGE, left)).stream()
                        .map(Buried::position)
                        .toList();
                if (page.isEmpty()) {
                    break;
                }
                total += change.apply(Address.of(queue), page);
                left -= page.size();
                after = page.get(page.size() - 1);
            }
            return total;
        });
    }

    private static DeadLetter letter(String queue, Buried buried) {
        Envelope envelope = buried.envelope();
        Meta meta;
        try {
            meta = Meta.read(envelope.meta());
        } catch (IllegalArgumentException e) {
            meta = Meta.NONE; // it may be why the message is here
        }
        return new DeadLetter(
                envelope.id(),
                buried.position(),
                queue,
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
}
