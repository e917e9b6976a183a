package dev.hark;

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
                            + e.getMessage(),
                    e);
        }
    }
}
