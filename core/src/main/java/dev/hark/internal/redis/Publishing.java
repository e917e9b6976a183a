package dev.hark.internal.redis;

import dev.hark.Durability;
import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Calls;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Purpose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes batches of senders. */
final class Publishing {

    /** How long Redis remembers a sender: several times longer than a batch may stay unresolved. */
    private static final long SENDER_TTL_MILLIS = Duration.ofDays(1).toMillis();

    private final Calls plainly;
    private final Calls durably;
    private final Keys keys;
    private final Registry registry;

    Publishing(Calls calls, Keys keys, Registry registry) {
        plainly = calls.with(Purpose.PUBLISHING);
        durably = calls.with(Purpose.DURABLE);
        this.keys = keys;
        this.registry = registry;
    }

    /** See {@link PublishStore#publish(Batch, Runnable)}. */
    PublishReply publish(Batch batch, Runnable meanwhile) {
        Address queue = batch.queue();
        List<String> scriptKeys = new ArrayList<>(5);
        scriptKeys.add(keys.ready(queue));
        scriptKeys.add(keys.stats(queue));
        scriptKeys.add(keys.sender(queue, batch.sender()));
        boolean limited = batch.settings().maxLength() > 0;
        boolean delayed =
                batch.messages().stream().anyMatch(message -> !(message.due() instanceof Publication.Due.Now));
        boolean described =
                batch.messages().stream().anyMatch(message -> !message.meta().isEmpty());
        List<Object> args = new ArrayList<>(6 + 3 * batch.messages().size());
        args.add(batch.sequence());
        args.add(batch.nonce());
        args.add(SENDER_TTL_MILLIS);
        args.add(keys.wake(queue));
        args.add(limited ? limit(batch.settings()) : "");
        args.add((delayed ? "due " : "") + (described ? "meta " : "") + "body");
        for (Publication message : batch.messages()) {
            if (delayed) {
                args.add(due(message.due()));
            }
            if (described) {
                args.add(message.meta());
            }
            args.add(message.body());
        }
        if (delayed || limited) { // a limit counts what is due later, too
            scriptKeys.add(keys.later(queue));
            scriptKeys.add(keys.held(queue));
        }
        Once once = new Once(meanwhile);
        Durability wanted = batch.settings().durability();
        Calls calls = wanted instanceof Durability.Memory ? plainly : durably;
        PublishReply reply = calls.on(scriptKeys.get(0), link -> {
            PublishReply answer = read(Link.text(link.run(Script.PUBLISH, scriptKeys, args, once)));
            return answer instanceof PublishReply.Accepted accepted
                    ? new PublishReply.Accepted(accepted.placed(), accepted.repeated(), Durably.reached(link, wanted))
                    : answer;
        });
        registry.add(queue.name()); // afterwards, so that a refused batch leaves nothing behind
        if (reply instanceof PublishReply.Gap) {
            registry.doubt(queue.name());
        }
        return reply;
    }

    private static PublishReply read(String reply) {
        int space = reply.indexOf(' ');
        String answer = reply.substring(space + 1);
        return switch (reply.substring(0, space)) {
            case "accepted" -> new PublishReply.Accepted(PublishAnswer.read(answer), false);
            case "repeated" ->
                answer.startsWith("f ")
                        ? new PublishReply.Full(Integer.parseInt(answer.substring(2)))
                        : new PublishReply.Accepted(PublishAnswer.read(answer), true);
            case "full" -> new PublishReply.Full(Integer.parseInt(answer));
            case "gap" -> new PublishReply.Gap(Long.parseLong(answer));
            default -> new PublishReply.Cloned();
        };
    }

    /** What is done meanwhile is done once, also if the batch has to go on to another server. */
    private static final class Once implements Runnable {

        private @Nullable Runnable task;

        Once(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            Runnable now = task;
            task = null;
            if (now != null) {
                now.run();
            }
        }
    }

    private static String limit(QueueSettings settings) {
        return settings.maxLength() + (settings.overflow() == Overflow.DROP_OLDEST ? " drop" : " refuse");
    }

    private static String due(Publication.Due due) {
        return switch (due) {
            case Publication.Due.Now() -> "";
            case Publication.Due.After(long millis) -> "+" + millis;
            case Publication.Due.At(long millis) -> Long.toString(millis);
        };
    }
}
