package dev.hark.admin;

import dev.hark.Hark;
import dev.hark.error.InvalidInputException;
import dev.hark.error.NewerLayoutException;
import dev.hark.error.UnavailableException;
import dev.hark.error.WrongTypeException;
import dev.hark.internal.doctor.Doctor;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Names;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreFailures;
import java.util.List;

/**
 * Everything that can be seen of queues, and done to them by hand. Each call may throw {@link UnavailableException} when
 * Redis cannot be reached, {@link WrongTypeException} when somebody else uses a key of Hark's, and
 * {@link NewerLayoutException} when a newer Hark has taken the queue over.
 */
public final class Inspector {

    private final Store store;
    private final Doctor doctor;

    /** Not for users, who ask {@link Hark#inspector}. */
    @SuppressWarnings("exports") // Hark makes it, from another package
    public Inspector(Store store) {
        this.store = store;
        doctor = new Doctor(store);
    }

    /** The names of all queues that a Hark has published to or listened to, in order. */
    public List<String> queueNames() {
        return StoreFailures.during("cannot list the queues", store::queues);
    }

    /**
     * The figures of all queues that a Hark has published to or listened to, by name; an exception if those of one of them
     * cannot be read. To see the others beside it, ask for the {@link #queueNames} and then for
     * {@link QueueInspector#info} of each.
     */
    public List<QueueInfo> queues() {
        return StoreFailures.during(
                "cannot list the queues",
                () -> store.queues().stream().map(Address::of).map(store::info).toList());
    }

    /**
     * One queue: its figures, its settings, its dead letters. Nothing is asked of Redis yet; the queue need not exist.
     *
     * @throws InvalidInputException if the name is not allowed
     */
    public QueueInspector queue(String name) {
        return new QueueInspector(Address.of(Names.queue(name)), store);
    }

    /**
     * Looks at the servers and at all queues for what breaks promises, or will. Changes nothing. What this user of Redis
     * may not see is told as a finding; the role {@link Role#READER} sees all of queues.
     */
    public Diagnosis diagnose() {
        return StoreFailures.during("cannot look at everything", doctor::diagnose);
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
        return StoreFailures.during(
                "queue " + queue + ": cannot repair '" + finding.id() + "'",
                () -> doctor.repair(finding.id(), Address.of(queue)));
    }
}
