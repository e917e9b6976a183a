package dev.hark.internal.engine;

import java.util.List;
import java.util.function.Function;

/** The answer to one of several calls that are sent together: one that fails is nothing to the others. */
public sealed interface Answer<R> {

    /** What the call returns. */
    record Given<R>(R value) implements Answer<R> {}

    /** What the call throws. */
    record Failed<R>(StoreException failure) implements Answer<R> {}

    /** Returns or throws what the call does. */
    default R get() {
        return switch (this) {
            case Given<R>(R value) -> value;
            case Failed<R>(StoreException failure) -> throw failure;
        };
    }

    /** The answer that holds something else in place of what this one does. */
    default <T> Answer<T> map(Function<? super R, ? extends T> change) {
        return switch (this) {
            case Given<R>(R value) -> new Given<>(change.apply(value));
            case Failed<R>(StoreException failure) -> new Failed<>(failure);
        };
    }

    /** Calls one after the other. */
    static <C, R> List<Answer<R>> each(List<C> calls, Function<? super C, ? extends R> call) {
        return calls.stream().<Answer<R>>map(one -> of(one, call)).toList();
    }

    private static <C, R> Answer<R> of(C one, Function<? super C, ? extends R> call) {
        try {
            return new Given<>(call.apply(one));
        } catch (StoreException e) {
            return new Failed<>(e);
        }
    }
}
