package dev.hark.internal.engine.listen;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Answer;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Sends many calls about many queues, those of one place together and so many at a time. Where nothing of such a slice goes
 * well, the place may hang: what is left for it has failed as well, so that the other places need not wait for it.
 */
final class Slices {

    /** Hears what became of a call, and between which times of the clock that was. */
    interface Hears<C, R> {
        void answered(C call, Answer<R> answer, long sent, long received);
    }

    private final ListenStore store;
    private final Env env;

    Slices(ListenStore store, Env env) {
        this.store = store;
        this.env = env;
    }

    <C, R> void send(
            List<C> calls,
            Function<C, Address> queue,
            int most,
            Function<List<C>, List<Answer<R>>> exchange,
            Hears<C, R> to) {
        Map<String, List<C>> places = new LinkedHashMap<>();
        for (C call : calls) {
            places.computeIfAbsent(store.node(queue.apply(call)), it -> new ArrayList<>())
                    .add(call);
        }
        places.values().forEach(place -> send(place, most, exchange, to));
    }

    private <C, R> void send(List<C> calls, int most, Function<List<C>, List<Answer<R>>> exchange, Hears<C, R> to) {
        for (int from = 0; from < calls.size(); ) {
            List<C> slice = calls.subList(from, Math.min(calls.size(), from + most));
            long sent = env.nanos().getAsLong();
            List<Answer<R>> answers = exchange.apply(slice);
            long received = env.nanos().getAsLong();
            from += slice.size();
            boolean none = answers.stream().noneMatch(Answer.Given.class::isInstance);
            for (int i = 0; i < slice.size(); i++) {
                to.answered(slice.get(i), answers.get(i), sent, received);
            }
            if (none) {
                for (; from < calls.size(); from++) {
                    to.answered(calls.get(from), answers.get(0), sent, received);
                }
            }
        }
    }
}
