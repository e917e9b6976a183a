package dev.hark.internal.redis;

import dev.hark.Durability;
import dev.hark.InvalidInputException;
import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.internal.engine.Log;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.Store.Configured;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import redis.clients.jedis.Protocol.Command;

/** The settings of queues, as a hash of text. */
final class Configuration {

    private static final Log LOG = Log.of(Configuration.class);

    private static final List<String> NAMES = List.of("maxLength", "overflow", "durability", "strict");

    private final Calls calls;
    private final Calls publishing; // publishers read what is set
    private final Keys keys;
    private final Registry registry;

    Configuration(Calls calls, Keys keys, Registry registry) {
        this.calls = calls;
        publishing = calls.with(Purpose.PUBLISHING);
        this.keys = keys;
        this.registry = registry;
    }

    /** See {@link Store#settings}. */
    QueueSettings settings(String queue) {
        List<Object> args = new ArrayList<>(List.of(keys.config(queue)));
        args.addAll(NAMES); // others may have added any number of fields
        List<Object> values = Link.list(publishing.call(keys.config(queue), Command.HMGET, args.toArray()));
        List<Object> flat = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) != null) {
                flat.addAll(List.of(NAMES.get(i), values.get(i)));
            }
        }
        return read(queue, flat);
    }

    /** See {@link Store#configure}. */
    Configured configure(String queue, QueueSettings settings, boolean operator) {
        List<Object> reply = Link.list(calls.run(
                Script.CONFIGURE,
                List.of(keys.config(queue)),
                List.of(
                        operator ? "operator" : "code",
                        "maxLength",
                        settings.maxLength(),
                        "overflow",
                        settings.overflow().name().toLowerCase(Locale.ROOT),
                        "durability",
                        settings.durability(),
                        "strict",
                        settings.strict())));
        registry.add(queue);
        List<Object> before = Link.list(reply.get(1));
        return new Configured(before.isEmpty() ? null : read(queue, before), Link.number(reply.get(0)) == 1);
    }

    private QueueSettings read(String queue, List<Object> flat) {
        QueueSettings settings = QueueSettings.NONE;
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            String value = Link.text(flat.get(i + 1));
            try {
                settings = switch (Link.text(flat.get(i))) {
                    case "maxLength" -> settings.maxLength(Long.parseLong(value));
                    case "overflow" -> settings.overflow(Overflow.valueOf(value.toUpperCase(Locale.ROOT)));
                    case "durability" -> settings.durability(Durability.parse(value));
                    case "strict" -> settings.strict(yes(value));
                    default -> settings; // of a newer version
                };
            } catch (IllegalArgumentException | InvalidInputException e) {
                // written by hand, or by a newer version: publishing goes on, and an operator can set it right
                LOG.warn(
                        "key {}: its field {} holds '{}', which is ignored",
                        keys.config(queue),
                        Link.text(flat.get(i)),
                        value.substring(0, Math.min(100, value.length())));
            }
        }
        return settings;
    }

    private static boolean yes(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(value);
        };
    }
}
