package dev.hark.internal.redis;

import dev.hark.Durability;
import dev.hark.internal.engine.PublishStore;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.redis.wire.Link;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Protocol.Command;

/**
 * Waits until what was written is as durable as is wanted. On the connection that wrote it: Redis waits for what the
 * same connection has written, and for nothing else.
 */
final class Durably {

    private Durably() {}

    /**
     * Waits, within {@link PublishStore#DURABLE_WITHIN}, and says what was reached.
     *
     * @throws StoreException of kind unknown if that cannot be learned: the write must be sent again, not the waiting
     */
    static Durability reached(Link link, Durability wanted) {
        return switch (wanted) {
            case Durability.Memory memory -> memory;
            case Durability.Fsynced fsynced -> isFsynced(link) ? fsynced : Durability.MEMORY;
            case Durability.Replicated(int replicas) -> replicated(link, replicas);
        };
    }

    private static Durability replicated(Link link, int wanted) {
        try {
            long count = Link.number(ask(link, Command.WAIT, wanted, PublishStore.DURABLE_WITHIN.toMillis()));
            return count == 0
                    ? Durability.MEMORY
                    : Durability.replicated((int) Math.min(count, Durability.Replicated.MOST));
        } catch (Refused e) {
            return Durability.MEMORY;
        }
    }

    private static boolean isFsynced(Link link) {
        try {
            Object counts = ask(link, Command.WAITAOF, 1, 0, PublishStore.DURABLE_WITHIN.toMillis());
            return Link.number(Link.list(counts).get(0)) == 1;
        } catch (Refused e) {
            return isAlwaysFsynced(link); // Redis before 7.2 does not know it, or there is no such file
        }
    }

    /** Whether the server syncs its file before it replies, so that the reply to the write has told so. */
    private static boolean isAlwaysFsynced(Link link) {
        try {
            Map<String, String> config = Link.map(ask(link, Command.CONFIG, "GET", "*append*"));
            return "yes".equals(config.get("appendonly"))
                    && "always".equals(config.get("appendfsync"))
                    && "no".equals(config.get("no-appendfsync-on-rewrite"))
                    && writesWell(Link.text(ask(link, Command.INFO, "persistence")));
        } catch (Refused e) {
            return false;
        }
    }

    /** A file that is being made for the first time counts only once it is there. */
    private static boolean writesWell(String info) {
        List<String> lines = info.lines().toList();
        boolean making = lines.contains("aof_base_size:0")
                && (lines.contains("aof_rewrite_in_progress:1") || lines.contains("aof_rewrite_scheduled:1"));
        return lines.contains("aof_enabled:1") && lines.contains("aof_last_write_status:ok") && !making;
    }

    /** The server knows no such command, does not let this user, or has nothing to wait for. */
    private static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        Refused(StoreException cause) {
            super(cause);
        }
    }

    private static Object ask(Link link, Command command, Object... args) throws Refused {
        try {
            Object reply = link.call(command, args);
            return reply == null ? List.of() : reply;
        } catch (StoreException e) {
            if (e.kind() == Kind.NEVER && !String.valueOf(e.getMessage()).contains("replica instances")) {
                throw new Refused(e);
            }
            // the server is about to be another one, or no longer a master: what it has accepted may be gone
            throw new StoreException(Kind.UNKNOWN, String.valueOf(e.getMessage()), e);
        }
    }
}
