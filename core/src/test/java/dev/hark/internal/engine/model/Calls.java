package dev.hark.internal.engine.model;

import dev.hark.QueueSettings;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Store;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the calls of the store: what they are about is drawn at random from what is there. */
final class Calls {

    static final List<String> SENDERS = List.of("p", "q");
    static final List<Step.Kind> TRANSITIONS = List.of(
            Step.Kind.PUBLISH,
            Step.Kind.PUBLISH_LIMITED,
            Step.Kind.PUBLISH_AGAIN,
            Step.Kind.OPEN,
            Step.Kind.CLAIM,
            Step.Kind.CLAIM_BY_SCRIPT,
            Step.Kind.SETTLE,
            Step.Kind.SWEEP,
            Step.Kind.TAKE_OVER,
            Step.Kind.PROMOTE,
            Step.Kind.REVIVE,
            Step.Kind.DISCARD,
            Step.Kind.CONFIGURE,
            Step.Kind.LOOK);

    /** A body that Hark, or another program, gave a message. */
    static final Pattern BODY = Pattern.compile("[mx]\\d+");

    static final List<String> SESSIONS = List.of("a", "b", "c");
    private static final String STRANGER = "never-opened";
    private static final int BULK = 140;

    private final ClaimSource one;
    private final ClaimSource several;
    private final PublishCalls publishing;
    private final ListenCalls listening;
    private final SettleCalls settling;
    private final LookCalls looking;

    Calls(Store store, Address queue, ClaimSource one, ClaimSource several, Model model, LongSupplier clock) {
        this.one = one;
        this.several = several;
        publishing = new PublishCalls(store, queue, model, clock);
        listening = new ListenCalls(store, queue, model);
        settling = new SettleCalls(store, queue, model);
        looking = new LookCalls(store, queue, model);
    }

    /** Who has claimed since this was asked last, if the store has noticed it. */
    List<String> claimer(Seen seen) {
        return listening.claimer(seen);
    }

    /** The call of a step; null if there is nothing to do it to. */
    @Nullable
    Call of(Step.Kind kind, Random random) {
        return switch (kind) {
            case PUBLISH -> publishing.publish(random, 1 + random.nextInt(4), QueueSettings.NONE);
            case PUBLISH_LIMITED -> publishing.publish(random, 1 + random.nextInt(4), publishing.limit(random));
            case PUBLISH_AGAIN -> publishing.publishAgain(random);
            case RETIRE -> publishing.retire(random);
            case OPEN -> listening.open(pick(SESSIONS, random));
            case CLAIM -> listening.claim(one, Set.of("ready"), anybody(random), 1 + random.nextInt(4));
            case CLAIM_BY_SCRIPT ->
                listening.claim(several, Set.of("ready", "stats"), anybody(random), 1 + random.nextInt(4));
            case SETTLE -> settling.settle(random);
            case SETTLE_AGAIN -> settling.settleAgain(random);
            case SWEEP -> listening.sweep(anybody(random), random);
            case TAKE_OVER -> listening.takeOver(anybody(random), pick(List.of(TakeoverMode.values()), random));
            case PROMOTE -> listening.promote();
            case REVIVE -> looking.revive(looking.positions(random));
            case DISCARD -> looking.discard(looking.positions(random));
            case CONFIGURE -> publishing.configure(random);
            case LOOK -> looking.look();
            case BULK -> publishing.publish(random, BULK, QueueSettings.NONE);
            case CLAIM_ALL -> listening.claim(one, Set.of("ready"), pick(SESSIONS, random), 500);
            case SETTLE_ALL -> settling.settleAll(pick(SESSIONS, random));
            default -> null;
        };
    }

    static String anybody(Random random) {
        return random.nextInt(12) == 0 ? STRANGER : pick(SESSIONS, random);
    }

    static <T> T pick(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
