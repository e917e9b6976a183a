package dev.hark;

import dev.hark.error.InvalidInputException;

/** Finds the {@link Codec} of a type, for {@link Hark#queue(String, Class)} and {@link Hark#channel}. */
@FunctionalInterface
public interface Codecs {

    /**
     * Returns the codec of a type.
     *
     * @throws InvalidInputException when bodies of this type cannot be written or read, saying why
     */
    <T> Codec<T> of(Class<T> type);
}
