package dev.hark.internal.doctor;

import dev.hark.admin.Diagnosis;
import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.Takeover;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Names;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.QueueFacts.Holders;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks at servers and queues, goes through all rules, and mends what can be mended beside running listeners. */
public final class Doctor {

    private final Store store;

    public Doctor(Store store) {
        this.store = store;
    }

    /** Looks at everything. What this user may not see becomes a finding. */
    public Diagnosis diagnose() {
        List<Finding> findings = new ArrayList<>();
        List<ServerFacts> servers = store.examine();
        servers.stream().flatMap(Checks::of).forEach(findings::add);
        List<String> queues = new ArrayList<>();
        for (String name : names(findings)) {
            if (Names.allowedForQueue(name)) {
                queues.add(name);
                look(Address.of(name), servers, findings);
            } else {
                findings.add(new Finding(
                        "queue-name",
                        Severity.WARNING,
                        null,
                        "the list of queues has the name '" + Say.clean(name)
                                + "', which no queue of Hark can have: somebody has written it there. It was skipped.",
                        "Find out who does, and SREM it from the list.",
                        null));
            }
        }
        findings.sort(Comparator.comparing(Finding::severity));
        return new Diagnosis(servers.stream().map(ServerFacts::server).toList(), queues, findings);
    }

    private List<String> names(List<Finding> findings) {
        try {
            return store.queues();
        } catch (StoreException e) {
            findings.add(unseen("the list of queues", null, e));
            return List.of();
        }
    }

    private void look(Address queue, List<ServerFacts> servers, List<Finding> findings) {
        try {
            Checks.of(store.examine(queue), servers).forEach(findings::add);
        } catch (StoreException e) {
            findings.add(unseen("the queue", queue.name(), e));
        }
    }

    /** Of what cannot be seen now nothing is said at all: then there is no diagnosis. */
    private static Finding unseen(String what, @Nullable String queue, StoreException e) {
        String why = what + " cannot be looked at: " + e.getMessage();
        return switch (e.kind()) {
            case NOT_NOW, UNKNOWN -> throw e;
            case WRONG_TYPE ->
                new Finding(
                        "wrong-type",
                        Severity.ERROR,
                        queue,
                        why,
                        "Find out who writes there. Then RENAME the key to one that is free; Hark makes a new one.",
                        null);
            case NEWER_LAYOUT ->
                new Finding(
                        "newer-layout",
                        Severity.WARNING,
                        queue,
                        why + ". Programs as old as this one are refused.",
                        "Upgrade them, and look with the newer hark doctor.",
                        null);
            case NEVER ->
                new Finding(
                        "hidden",
                        Severity.INFO,
                        queue,
                        why,
                        "Look again as a user that may: hark acl reader prints one.",
                        null);
        };
    }

    /** Whether there is a repair for findings of this kind. */
    public static boolean repairs(String id) {
        return switch (id) {
            case ListeningChecks.LAPSED, ListeningChecks.NOBODYS, SumCheck.ID -> true;
            default -> false;
        };
    }

    /**
     * Mends what there is to mend of a kind now, whatever was found before; says what was done.
     *
     * @param id of a kind of findings that can be repaired
     */
    public String repair(String id, Address queue) {
        return switch (id) {
            case ListeningChecks.LAPSED -> handOver(queue, QueueFacts::lapsed);
            case ListeningChecks.NOBODYS -> handOver(queue, QueueFacts::nobodys);
            case SumCheck.ID -> {
                long missing = store.writeOff(queue);
                yield missing == 0
                        ? "nothing is missing any more"
                        : Say.count(missing, "message") + " counted as deleted";
            }
            default -> throw new IllegalArgumentException(id);
        };
    }

    /** The store refuses each that has a lease by then. */
    private String handOver(Address queue, Function<QueueFacts, Holders> which) {
        int moved = 0;
        long before = Long.MAX_VALUE;
        for (Holders holders = which.apply(store.examine(queue));
                holders.count() > 0 && holders.count() < before;
                holders = which.apply(store.examine(queue))) {
            before = holders.count();
            for (String holder : holders.names()) {
                Takeover step;
                do {
                    step = store.takeOver(queue, holder, TakeoverMode.LAPSED);
                    moved += step.moved();
                } while (step.more() && step.moved() > 0);
            }
        }
        return moved == 0 && before == Long.MAX_VALUE
                ? "nothing is left to hand over"
                : Say.count(moved, "message") + " handed over";
    }
}
