package dev.hark.simulation;

import dev.hark.admin.QueueInfo;
import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.ListenStore.Takeover;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.message.Ledger;
import dev.hark.simulation.Letter.Hold;
import dev.hark.simulation.Letter.Receipt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What happened, as the store and the handlers saw it, and what of it must not have happened. */
final class History {

    private final int maxAttempts;
    private final Predicate<String> blameless; // whether nothing befell the node of a session
    private final List<Letter> letters = new ArrayList<>();
    private final Map<String, Letter> byEntry = new HashMap<>(); // queue and entry
    private final Set<String> applied = new HashSet<>(); // queue and entry
    private final Set<String> struckOff = new HashSet<>(); // sessions, or so it may be
    private final Set<String> violations = new LinkedHashSet<>();
    private final Map<String, Integer> happened = new TreeMap<>();

    History(int maxAttempts, Predicate<String> blameless) {
        this.maxAttempts = maxAttempts;
        this.blameless = blameless;
    }

    Letter write(Plan plan) {
        Letter letter = new Letter(letters.size(), plan);
        letters.add(letter);
        return letter;
    }

    Letter letter(String body) {
        return letters.get(Integer.parseInt(body));
    }

    void violated(String rule) {
        violations.add(rule);
    }

    void happened(String what) {
        happened.merge(what, 1, Integer::sum);
    }

    Set<String> violations() {
        return violations;
    }

    Map<String, Integer> happenings() {
        return happened;
    }

    // ---- what the store did

    void published(Batch batch, PublishReply reply) {
        if (!(reply instanceof PublishReply.Accepted accepted)) {
            happened("publish answered " + reply.getClass().getSimpleName());
        } else if (accepted.repeated()) {
            happened("publish repeated");
        } else {
            batch.messages().forEach(message -> {
                Letter letter = letter(new String(message.body(), StandardCharsets.UTF_8));
                if (++letter.accepted > 1) {
                    violated(letter + " was published " + letter.accepted + " times");
                }
            });
        }
    }

    void claimed(List<Claimed> claimed) {
        for (Claimed one : claimed) {
            if (one.content() instanceof Content.Legible(var envelope)) {
                Letter letter = letter(new String(envelope.body(), StandardCharsets.UTF_8));
                if (byEntry.put(one.queue() + " " + one.entry(), letter) != null) {
                    violated("entry " + one.entry() + " of " + letter + " was handed out twice");
                }
                Hold before = letter.hold;
                int attempts = before == null ? 0 : before.settled ? before.next : before.attempts + 1;
                if (before != null && !before.settled) {
                    happened("hand-over from a session");
                }
                if (letter.over()) {
                    violated(letter + " was handed out after its end");
                }
                if ((before != null && envelope.attempts() != attempts)
                        || Ledger.read(envelope.log()).size() != envelope.attempts() + letter.lost) {
                    violated(letter + " shows " + envelope.attempts() + " attempts and, lost " + letter.lost
                            + " times, a ledger of "
                            + Ledger.read(envelope.log()).size() + " after " + attempts);
                }
                letter.hold = new Hold(
                        one.entry(), envelope.attempts(), envelope.log().endsWith(Settlement.Lost.WHAT));
            } else {
                violated("entry " + one.entry() + " cannot be read");
            }
        }
    }

    void settled(SettleBatch batch, SettleReply reply) {
        if (reply.repeated()) {
            happened("settle repeated");
            return;
        }
        Set<String> refused = new HashSet<>(reply.refusedEntries());
        happened.merge("outcome refused", refused.size(), Integer::sum);
        Set<String> named = new HashSet<>();
        for (Settlement settlement : batch.settlements()) {
            if (!named.add(settlement.entry())) {
                violated("a batch has two outcomes for entry " + settlement.entry());
            }
            if (!refused.contains(settlement.entry())) {
                apply(batch.queue(), settlement);
            }
        }
    }

    private void apply(Address queue, Settlement settlement) {
        Letter letter = byEntry.get(queue + " " + settlement.entry());
        Hold hold = letter == null ? null : letter.hold;
        if (letter == null || hold == null) {
            violated("an outcome counted for entry " + settlement.entry() + ", which nobody was handed");
            return;
        }
        if (!hold.entry.equals(settlement.entry()) || hold.settled) {
            violated("an outcome of " + letter + " counted for an entry that was no longer held: " + settlement);
        }
        applied.add(queue + " " + settlement.entry());
        hold.settled = true;
        hold.next = hold.attempts;
        switch (settlement) {
            case Settlement.Done done -> {
                if (++letter.done > 1) {
                    violated(letter + " was done " + letter.done + " times");
                }
            }
            case Settlement.Again again when again.failure() != null -> hold.next++;
            case Settlement.Again again
            when again.delayMillis() > 0 -> letter.handlings.merge(hold.attempts + 1, 1, Integer::sum);
            case Settlement.Again again -> happened("released");
            case Settlement.Lost lost -> lose(letter, hold, lost.mostAttempts());
            case Settlement.Bury bury -> bury(letter, hold.attempts + (bury.burnt() ? 1 : 0), bury.reason());
        }
    }

    private void lose(Letter letter, Hold hold, int mostAttempts) {
        if (!hold.lostBefore) {
            happened("lost with its claim's reply");
            letter.lost++;
        } else if (hold.attempts + 1 < mostAttempts) {
            happened("lost again");
            hold.next++;
        } else {
            bury(letter, hold.attempts + 1, Settlement.Lost.AT_LAST);
        }
    }

    private void bury(Letter letter, int attempts, String reason) {
        letter.buried++;
        if (letter.plan.end() == Plan.End.DONE && attempts < maxAttempts) {
            violated(letter + " was given up after " + attempts + " attempts: " + reason);
        }
        if (letter.plan.end() == Plan.End.DONE) {
            happened("attempts used up by crashes");
        }
    }

    void takenOver(String session, TakeoverMode mode, Takeover step) {
        struckOff.add(session);
        if (step.moved() > 0) {
            happened("takeover " + mode);
            if (mode == TakeoverMode.LAPSED && blameless.test(session)) {
                violated("session " + session + " was taken over although its process was well");
            }
        }
    }

    // ---- what nodes saw

    /**
     * Refused means that others have it: what was applied is not to be told as refused while the session lives. One of a
     * lost reply may be, when the sweep that called for it was answered so late that the outcome came first.
     */
    void told(SettleBatch batch, SettleReply reply) {
        for (Settlement settlement : batch.settlements()) {
            String entry = settlement.entry();
            if (reply.refusedEntries().contains(entry)
                    && !(settlement instanceof Settlement.Lost)
                    && applied.contains(batch.queue() + " " + entry)
                    && !struckOff.contains(batch.session())) {
                violated("the outcome of entry " + entry + " was applied and told as refused");
            }
        }
    }

    void told(Letter letter, Receipt receipt) {
        letter.receipt = receipt;
        happened("receipt " + receipt);
    }

    /** A handler is called; says for which time. */
    int handling(Letter letter, int attempt) {
        if (letter.handlings.merge(attempt, -1, Integer::sum) < -1) {
            violated(letter + " was handled again in attempt " + attempt + ", which its ledger does not explain");
        }
        return letter.handled++;
    }

    void event(Event event) {
        happened(event.getClass().getSimpleName());
        switch (event) {
            case Event.Trouble trouble when !trouble.what().startsWith("ending session") -> violated("" + trouble);
            case Event.RolledBack rolledBack -> violated("" + rolledBack);
            case Event.SenderCloned cloned -> violated("" + cloned);
            case Event.GroupRestored restored -> violated("" + restored);
            case Event.Parked parked -> violated("" + parked);
            default -> {}
        }
    }

    // ---- the end

    /** Whether nothing that was accepted is left to be done. */
    boolean allOver() {
        return letters.stream().allMatch(letter -> letter.accepted == 0 || letter.over());
    }

    void close(QueueInfo... queues) {
        long published = 0;
        long done = 0;
        long dead = 0;
        for (QueueInfo info : queues) {
            published += info.published();
            done += info.done();
            dead += info.dead();
            if (info.published()
                    != info.done() + info.waiting() + info.later() + info.active() + info.dead() + info.deleted()) {
                violated("the sum of queue " + info.name() + " is wrong: " + info);
            }
            if (info.waiting() + info.later() + info.active() + info.sessions() > 0) {
                violated("something is left in queue " + info.name() + ": " + info);
            }
        }
        expect(
                "published",
                published,
                letters.stream().mapToLong(it -> it.accepted).sum());
        expect("done", done, letters.stream().mapToLong(it -> it.done).sum());
        expect("dead", dead, letters.stream().mapToLong(it -> it.buried).sum());
        letters.forEach(this::close);
    }

    private void expect(String figure, long counted, long seen) {
        if (counted != seen) {
            violated("the store counts " + counted + " as " + figure + ", but there were " + seen);
        }
    }

    private void close(Letter letter) {
        @Nullable
        String wrong = switch (letter.receipt) {
            case PUBLISHED -> letter.accepted == 1 ? null : "has a receipt";
            case NOT_PUBLISHED -> letter.accepted == 0 ? null : "was reported as not published";
            case NONE, UNKNOWN -> letter.accepted <= 1 ? null : "is unknown";
        };
        if (wrong != null) {
            violated(letter + " " + wrong + " and was published " + letter.accepted + " times");
        }
        if (letter.done + letter.buried != letter.accepted) {
            violated(letter + " was published " + letter.accepted + " times, done " + letter.done
                    + " times and given up " + letter.buried + " times");
        }
        if (letter.done > 0 && letter.plan.end() != Plan.End.DONE) {
            violated(letter + " was done");
        }
    }
}
