package dev.hark.internal.redis.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.KeyValue;

/** What only version 3 of the protocol has, as version 2 has it: maps as flat lists, the other kinds as text or numbers. */
final class Resp3 {

    private Resp3() {}

    static @Nullable Object plain(@Nullable Object reply) {
        return switch (reply) {
            case List<?> list when list.stream().anyMatch(Resp3::special) -> flat(list);
            case Double number -> number.toString().getBytes(StandardCharsets.UTF_8);
            case Boolean yes -> yes ? 1L : 0L;
            case null, default -> reply;
        };
    }

    /** Most replies need no copy. */
    private static boolean special(@Nullable Object reply) {
        return switch (reply) {
            case List<?> list -> list.stream().anyMatch(Resp3::special);
            case null -> false;
            default -> reply instanceof KeyValue<?, ?> || reply instanceof Double || reply instanceof Boolean;
        };
    }

    private static List<@Nullable Object> flat(List<?> list) {
        List<@Nullable Object> flat = new ArrayList<>(list.size());
        for (Object element : list) {
            if (element instanceof KeyValue<?, ?> pair) {
                flat.add(plain(pair.getKey()));
                flat.add(plain(pair.getValue()));
            } else {
                flat.add(plain(element));
            }
        }
        return flat;
    }
}
