package dev.hark.internal.redis.wire;

import java.util.List;

/** An entry of a stream, as Redis sends it; names and values of its fields in turn. */
public record Entry(String id, List<Object> fields) {

    public static Entry of(Object reply) {
        List<Object> pair = Link.list(reply);
        return new Entry(Link.text(pair.get(0)), Link.list(pair.get(1)));
    }
}
