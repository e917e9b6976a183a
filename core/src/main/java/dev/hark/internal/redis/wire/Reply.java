package dev.hark.internal.redis.wire;

import dev.hark.internal.redis.scripts.Script;
import java.util.List;

/** What a script returned: each value by the name that the script's head gives it. */
public final class Reply {

    private final Script script;
    private final List<Object> values;

    /**
     * Takes a list that a script returned.
     *
     * @throws IllegalStateException where these are not as many as the head names
     */
    public Reply(Script script, Object values) {
        this.script = script;
        this.values = Link.list(values);
        if (this.values.size() != script.returns().size()) {
            throw new IllegalStateException(
                    script.file() + " returned " + this.values.size() + " values, its head names " + script.returns());
        }
    }

    public Object get(String name) {
        int place = script.returns().indexOf(name);
        if (place < 0) {
            throw new IllegalArgumentException("the head of " + script.file() + " names no '" + name + "'");
        }
        return values.get(place);
    }

    public String text(String name) {
        return Link.text(get(name));
    }

    public long number(String name) {
        return Link.number(get(name));
    }

    public int count(String name) {
        return (int) number(name);
    }

    /** Whether it is 1. */
    public boolean is(String name) {
        return number(name) == 1;
    }

    public List<Object> list(String name) {
        return Link.list(get(name));
    }

    public List<String> texts(String name) {
        return Link.texts(get(name));
    }
}
