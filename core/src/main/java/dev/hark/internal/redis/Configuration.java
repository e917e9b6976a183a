package dev.hark.internal.redis;

import dev.hark.QueueSettings;
import dev.hark.Setting;
import dev.hark.error.InvalidInputException;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Log;
import dev.hark.internal.engine.PublishStore;
import dev.hark.internal.engine.PublishStore.Configured;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Calls;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Purpose;
import dev.hark.internal.redis.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import redis.clients.jedis.Protocol.Command;

/** The settings of queues, as a hash of text. */
final class Configuration {

    private static final Log LOG = Log.of(Configuration.class);

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

    /** See {@link PublishStore#settings}. */
    QueueSettings settings(Address queue) {
        List<Object> args = new ArrayList<>(List.of(keys.config(queue)));
        Setting.ALL.forEach(setting -> args.add(setting.name())); // others may have added any number of fields
        return read(queue, Link.list(publishing.call(keys.config(queue), Command.HMGET, args.toArray())));
    }

    /** See {@link PublishStore#configure}. */
    Configured configure(Address queue, QueueSettings settings, Owner owner) {
        List<Object> args = new ArrayList<>(List.of(owner.name().toLowerCase(Locale.ROOT), keys.wake(queue)));
        for (Setting<?> setting : Setting.ALL) {
            boolean set = owner == Owner.CODE || settings.named().contains(setting);
            args.add(setting.name());
            args.add(set ? settings.text(setting) : "");
        }
        Reply reply = calls.ask(Script.CONFIGURE, List.of(keys.config(queue)), args);
        registry.add(queue.name());
        List<Object> before = reply.list("before");
        return new Configured(
                before.stream().allMatch(Objects::isNull) ? null : read(queue, before), read(queue, reply.list("now")));
    }

    /** From the values of all settings in turn, null for those that are not there. */
    private QueueSettings read(Address queue, List<Object> values) {
        QueueSettings settings = QueueSettings.NONE;
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) != null) {
                settings = read(queue, settings, Setting.ALL.get(i), Link.text(values.get(i)));
            }
        }
        return settings.unnamed(); // whoever reads them asks for none of them
    }

    private QueueSettings read(Address queue, QueueSettings settings, Setting<?> setting, String value) {
        try {
            return settings.withText(setting, value);
        } catch (InvalidInputException e) {
            // written by hand, or by a newer version: publishing goes on, and an operator can set it right
            LOG.warn(
                    "key {}: its field {} holds '{}', which is ignored",
                    keys.config(queue),
                    setting.name(),
                    value.substring(0, Math.min(100, value.length())));
            return settings;
        }
    }
}
