package dev.hark.internal.redis.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import redis.clients.jedis.Protocol.Command;

/** What INFO tells. */
public record ServerInfo(Map<String, String> fields) {

    /** Before 7.0 it tells of one section at a time. */
    public static ServerInfo of(Link link, String... sections) {
        Map<String, String> fields = new HashMap<>();
        for (String section : sections) {
            Link.text(link.call(Command.INFO, section)).lines().forEach(line -> {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    fields.put(
                            line.substring(0, colon), line.substring(colon + 1).strip());
                }
            });
        }
        return new ServerInfo(fields);
    }

    public boolean has(String field) {
        return fields.containsKey(field);
    }

    public String text(String field, String otherwise) {
        return fields.getOrDefault(field, otherwise);
    }

    /** 0 where there is none. */
    public long number(String field) {
        return Link.number(text(field, "0"), 0);
    }

    /** How many fields there are of a kind: {@code slave0}, {@code slave1}, …. */
    public int count(String name, Predicate<String> which) {
        int count = 0;
        for (int i = 0; has(name + i); i++) {
            count += which.test(text(name + i, "")) ? 1 : 0;
        }
        return count;
    }
}
