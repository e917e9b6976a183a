package dev.hark;

import dev.hark.error.InvalidInputException;
import dev.hark.error.NewerLayoutException;
import dev.hark.error.UnavailableException;
import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.listen.HandlerBinding;
import dev.hark.internal.engine.listen.Listening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts handlers to work on queues, each queue with its own.
 *
 * <p>Handlers run on threads of Hark that have nothing of the thread that starts the listener, or publishes: no
 * {@link InheritableThreadLocal}, and not its context class loader. They see the class loader of the handler's own class
 * instead, that of the code around it where it is a lambda.
 */
public final class ListenerBuilder {

    private interface Draft {
        HandlerBinding<?> with(RetryPolicy retry, List<HandlerInterceptor> interceptors);
    }

    private final Hark hark;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private int concurrency = 10;
    private @Nullable Duration timeout;
    private boolean platformThreads;
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private final List<HandlerInterceptor> interceptors;

    ListenerBuilder(Hark hark, List<HandlerInterceptor> outermost) {
        this.hark = hark;
        interceptors = new ArrayList<>(outermost);
    }

    /** Handles the bodies of a queue: returning is done, throwing is a retry. */
    public <T> ListenerBuilder handle(MessageQueue<T> queue, Handler<? super T> handler) {
        Objects.requireNonNull(handler);
        return add(queue, handler, message -> {
            handler.handle(message.body());
            return Outcome.done();
        });
    }

    /** Handles the messages of a queue, saying what becomes of each; throwing is a retry. */
    public <T> ListenerBuilder handleMessage(MessageQueue<T> queue, MessageHandler<T> handler) {
        Objects.requireNonNull(handler);
        return add(queue, handler, handler);
    }

    private <T> ListenerBuilder add(MessageQueue<T> queue, Object users, MessageHandler<T> handler) {
        ClassLoader loader = users.getClass().getClassLoader();
        Draft draft = (policy, around) -> new HandlerBinding<>(
                Address.of(queue.name()), queue.codec(), intercepted(handler, around), policy, loader);
        if (drafts.putIfAbsent(queue.name(), draft) != null) {
            throw new InvalidInputException("queue " + queue.name() + " has a handler already in this listener");
        }
        return this;
    }

    private static <T> MessageHandler<T> intercepted(MessageHandler<T> handler, List<HandlerInterceptor> around) {
        MessageHandler<T> all = message -> outcome(handler.handle(message), "the handler", message);
        for (HandlerInterceptor interceptor : around.reversed()) {
            MessageHandler<T> inner = all;
            String who = "the interceptor " + interceptor.getClass().getName();
            all = message -> outcome(interceptor.intercept(message, () -> inner.handle(message)), who, message);
        }
        return all;
    }

    private static Outcome outcome(@Nullable Outcome outcome, String who, Message<?> message) {
        if (outcome == null) {
            throw new IllegalStateException(who + " of queue " + message.queue() + " returned null, not an Outcome");
        }
        return outcome;
    }

    /** Adds what runs around every attempt of this listener's handlers, inside what the Hark has; the first is the outermost. */
    public ListenerBuilder interceptor(HandlerInterceptor interceptor) {
        interceptors.add(Objects.requireNonNull(interceptor));
        return this;
    }

    /** How many messages are handled at once over all queues of this listener; 10 unless set, at least 1. */
    public ListenerBuilder concurrency(int concurrency) {
        if (concurrency < 1 || concurrency > 100_000) {
            throw new InvalidInputException(
                    "concurrency " + concurrency + " is not allowed: it must be between 1 and 100000");
        }
        this.concurrency = concurrency;
        return this;
    }

    /**
     * How long a handler may run, more than 0; as long as it likes unless set. When its time is up it is interrupted, the
     * attempt has failed with a {@link java.util.concurrent.TimeoutException}. Java can end no thread by force: a handler
     * that ignores the interrupt goes on and keeps its slot until it ends; what it returns or throws is ignored and told as
     * {@link Event.LateResult}. What it does outside Hark may then happen beside the next attempt. Once such handlers hold
     * all slots, the listener claims nothing more, and tells {@link Event.HandlersStalled}.
     */
    public ListenerBuilder timeout(Duration timeout) {
        if (!timeout.isPositive() || timeout.compareTo(Delays.MAX) > 0) {
            throw new InvalidInputException("timeout " + timeout
                    + " is not allowed: it must be more than 0, and at most " + Delays.MAX.toDays() + " days");
        }
        this.timeout = timeout;
        return this;
    }

    /**
     * Whether each handler runs on a thread of the platform instead of a virtual one; not unless set. For handlers that
     * compute for long, or call native code: of virtual threads only as many as there are processors run at once, and one
     * that never waits lets no other begin. A thread of the platform costs about a megabyte of address space.
     */
    public ListenerBuilder platformThreads(boolean platform) {
        this.platformThreads = platform;
        return this;
    }

    /** What follows when a handler throws; {@link RetryPolicy#DEFAULT} unless set. */
    public ListenerBuilder retry(RetryPolicy retry) {
        this.retry = Objects.requireNonNull(retry);
        return this;
    }

    /**
     * Starts listening.
     *
     * @return closes it
     * @throws InvalidInputException if no queue was given
     * @throws UnavailableException if Redis cannot be reached; nothing runs then
     * @throws NewerLayoutException if a newer Hark has taken a queue over; nothing runs then
     */
    public Listener start() {
        if (drafts.isEmpty()) {
            throw new InvalidInputException("a listener needs at least one queue: call handle or handleMessage");
        }
        List<HandlerBinding<?>> bindings = new ArrayList<>();
        drafts.values().forEach(draft -> bindings.add(draft.with(retry, interceptors)));
        return hark.listen(new Listening.Plan(bindings, concurrency, timeout, platformThreads));
    }
}
