package dev.hark;

import dev.hark.error.InvalidInputException;
import dev.hark.error.NotDurableException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of a queue, kept in Redis, so that all who publish to it go by the same; immutable, each method that sets one
 * returns a copy. Those with equal values are equal.
 */
public final class QueueSettings {

    /** As many messages as there is memory for, and in memory only. */
    public static final QueueSettings NONE = new QueueSettings(Map.of(), Set.of());

    private final Map<Setting<?>, Object> values; // without defaults
    private final Set<Setting<?>> named;

    private QueueSettings(Map<Setting<?>, Object> values, Set<Setting<?>> named) {
        this.values = values;
        this.named = named;
    }

    /** Bounds how many messages may wait; 0 for no bound. */
    public QueueSettings maxLength(long maxLength) {
        return with(Setting.MAX_LENGTH, maxLength);
    }

    /**
     * How many messages may wait, those that are due later included; 0 for as many as there is memory for. Messages in
     * flight and dead letters do not count, and a retry always finds room.
     */
    public long maxLength() {
        return get(Setting.MAX_LENGTH);
    }

    /** Says what publishing does when the queue is full; {@link Overflow#REJECT} unless set. */
    public QueueSettings overflow(Overflow overflow) {
        return with(Setting.OVERFLOW, overflow);
    }

    /** What publishing does when the queue is full. */
    public Overflow overflow() {
        return get(Setting.OVERFLOW);
    }

    /** Says how safe a published message should be; {@link Durability#MEMORY} unless set. */
    public QueueSettings durability(Durability durability) {
        return with(Setting.DURABILITY, durability);
    }

    /** How safe a published message should be; {@link Publish#durability} wins over it. */
    public Durability durability() {
        return get(Setting.DURABILITY);
    }

    /**
     * Says whether publishing fails with {@link NotDurableException} when its durability is not reached; otherwise the
     * receipt says what was reached.
     */
    public QueueSettings strict(boolean strict) {
        return with(Setting.STRICT, strict);
    }

    /** Whether publishing fails with {@link NotDurableException} when that is not reached. */
    public boolean strict() {
        return get(Setting.STRICT);
    }

    /** The value of a setting, or its default. */
    @SuppressWarnings("unchecked") // put there by with()
    public <T> T get(Setting<T> setting) {
        return (T) values.getOrDefault(setting, setting.byDefault());
    }

    /** Sets and names a setting; one of the methods above does the same. */
    public <T> QueueSettings with(Setting<T> setting, T value) {
        Map<Setting<?>, Object> changed = new HashMap<>(values);
        changed.put(setting, setting.checked(value));
        changed.remove(setting, setting.byDefault());
        Set<Setting<?>> more = new HashSet<>(named);
        more.add(setting);
        return new QueueSettings(changed, more);
    }

    /** The value of a setting, or its default, as it is kept in Redis. */
    public <T> String text(Setting<T> setting) {
        return setting.format(get(setting));
    }

    /**
     * Sets and names a setting, whose value is given as {@link #text} returns it.
     *
     * @throws InvalidInputException if it is something else
     */
    public <T> QueueSettings withText(Setting<T> setting, String text) {
        return with(setting, setting.parse(text));
    }

    /** What was set by a call, if only to what it was already. */
    public Set<Setting<?>> named() {
        return Set.copyOf(named);
    }

    /** The same values, none of them named: only what is set from here on will be. */
    public QueueSettings unnamed() {
        return new QueueSettings(values, Set.of());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueueSettings same && values.equals(same.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** What differs from the defaults. */
    @Override
    public String toString() {
        return Setting.ALL.stream()
                .filter(values::containsKey)
                .map(setting -> setting + "=" + text(setting))
                .collect(Collectors.joining(", ", "QueueSettings[", "]"));
    }
}
