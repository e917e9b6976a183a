package dev.hark.internal.engine.model;

import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.model.Model.Answer;
import dev.hark.internal.engine.model.Model.Entry;
import dev.hark.internal.engine.model.Model.Held;
import java.util.ArrayList;
import java.util.List;

/** What outcomes do. */
final class Settling {

    private final Model model;

    Settling(Model model) {
        this.model = model;
    }

    Answer settle(SettleBatch batch) {
        Answer before = model.answers.get(batch.session());
        if (before != null && before.sequence() == batch.sequence()) {
            return new Answer(before.sequence(), before.refused(), before.entries(), true);
        }
        boolean alive = model.sessions.containsKey(batch.session());
        int refused = 0;
        List<String> told = new ArrayList<>();
        long listedBefore = model.counted("listed");
        for (Settlement settlement : batch.settlements()) {
            Held held = model.pending.remove(settlement.entry());
            if (held == null) {
                refused++;
                boolean bulk = settlement instanceof Settlement.Done done && done.bytes() < Model.LARGE;
                if (!model.redis || !alive || !bulk) {
                    told.add(settlement.entry());
                }
            } else {
                boolean large = settlement instanceof Settlement.Done done
                        ? done.bytes() >= Model.LARGE
                        : held.message().large() && model.inStream(settlement.entry());
                model.settled(settlement.entry(), held.message());
                apply(settlement, held.message(), batch.session());
                if (large) {
                    model.unlist(settlement.entry());
                }
            }
        }
        if (refused > 0 && (model.redis || model.used)) {
            model.count("refused", refused);
        }
        if (model.redis
                && model.group
                && model.counted("listed") > listedBefore
                && model.counted("listed") >= Model.TRIM_AT) {
            model.trimmable = model.floor = model.settledFloor();
        }
        Answer answer = new Answer(batch.sequence(), refused, told, false);
        if (alive) {
            model.answers.put(batch.session(), answer);
        }
        return answer;
    }

    private void apply(Settlement settlement, Message message, String session) {
        if (settlement instanceof Settlement.Done(String entry, boolean foreign, int bytes)) {
            model.move(message, Move.FINISH);
            if (foreign) {
                model.adopt();
            }
        } else if (model.redis && !model.inStream(settlement.entry())) {
            model.move(message, Move.SETTLE_DELETED);
        } else {
            switch (settlement) {
                case Settlement.Again(String entry, long delay, String failure)
                when failure != null -> {
                    model.move(message, delay > 0 ? Move.RETRY_LATER : Move.RETRY, session, failure);
                    put(message, delay, session + "-" + entry);
                }
                case Settlement.Again again -> giveBack(message, again.delayMillis(), session + "-" + again.entry());
                case Settlement.Bury(String entry, String reason, boolean burnt) ->
                    bury(message, burnt ? Move.BURY : Move.BURY_UNBURNT, session, reason, reason);
                case Settlement.Lost(String entry, int most) -> lose(message, most, session);
                default -> throw new AssertionError(settlement);
            }
        }
    }

    private void bury(Message message, Move move, String session, String what, String reason) {
        model.move(message, move, session, what);
        message.buried(reason);
        model.dead.add(new Entry(null, message));
    }

    private void lose(Message message, int most, String session) {
        if (message.unknown) {
            giveBack(message, 0, "");
        } else if (message.malformed) {
            bury(message, Move.BURY, session, Settlement.Lost.WHAT, Settlement.Lost.NO_MESSAGE);
        } else if (!message.lostBefore()) {
            model.move(message, Move.LOSE, session, Settlement.Lost.WHAT);
            model.add(message);
        } else if (message.attempts + 1 < most) {
            model.move(message, Move.LOSE_AGAIN, session, Settlement.Lost.WHAT);
            model.add(message);
        } else {
            bury(message, Move.LOSE_AT_LAST, session, Settlement.Lost.WHAT, Settlement.Lost.AT_LAST);
        }
    }

    private void giveBack(Message message, long delay, String unique) {
        model.move(message, delay > 0 ? Move.PUT_OFF : Move.GIVE_BACK);
        put(message, delay, unique);
    }

    private void put(Message message, long delay, String unique) {
        if (delay > 0) {
            model.hold(message, model.now + delay / Model.MINUTE, unique);
        } else {
            model.add(message);
        }
    }
}
