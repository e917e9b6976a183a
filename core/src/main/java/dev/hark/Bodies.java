package dev.hark;

import dev.hark.error.InvalidInputException;
import dev.hark.internal.engine.Thrown;

/** Encodes bodies for queues and channels. */
final class Bodies {

    private Bodies() {}

    static <T> byte[] encode(Codec<T> codec, T body, String where) {
        if (body == null) {
            throw new InvalidInputException(where + ": a body must not be null");
        }
        try {
            return codec.encode(body);
        } catch (Exception e) {
            throw new InvalidInputException(
                    where + ": a body of " + body.getClass().getName() + " cannot be encoded, and was not published: "
                            + Thrown.brief(e),
                    e);
        }
    }

    static <T> T decode(Codec<T> codec, byte[] bytes) throws Exception {
        T body = codec.decode(bytes);
        if (body == null) {
            throw new IllegalArgumentException("the body is null");
        }
        return body;
    }
}
