package dev.hark.internal.engine;

/**
 * A queue of the store: one set of keys.
 *
 * @param name what users call it
 * @param tag what its keys are hashed by: queues of one tag live in one cluster slot
 * @param path what tells it from the others of its tag; empty for a plain queue
 */
public record Address(String name, String tag, String path) {

    /** The plain queue of this name. */
    public static Address of(String name) {
        return new Address(name, name, "");
    }

    /** Of no two queues the same. */
    @Override
    public String toString() {
        return path.isEmpty() ? tag : tag + ":" + path;
    }
}
