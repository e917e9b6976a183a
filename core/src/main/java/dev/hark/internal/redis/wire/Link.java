package dev.hark.internal.redis.wire;

import dev.hark.internal.engine.Answer;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.redis.scripts.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** One connection, used by one thread at a time. Replies are as Redis sends them: Long, byte[], List or null. */
public final class Link implements AutoCloseable {

    /** Connections outlive what wraps them, in pools. They are equal to themselves only. */
    private static final Map<Connection, String> RUNS = Collections.synchronizedMap(new WeakHashMap<>());

    private final Connection connection;
    private final String server;
    private final boolean asking;

    /**
     * Wraps a connection.
     *
     * @param asking whether the server is told, before each command, that it is asked for what is on its way to it
     */
    Link(Connection connection, String server, boolean asking) {
        this.connection = connection;
        this.server = server;
        this.asking = asking;
    }

    /**
     * Which run of its server this is connected to; empty if it does not say. Asked once a connection. Empty as well where what
     * is asked for is on its way to the server: it is what it was where it comes from, and no session can be opened before all
     * has come.
     */
    public String run() {
        if (asking) {
            return "";
        }
        String known = RUNS.get(connection);
        if (known == null) {
            String info = text(call(Command.INFO, "server"));
            known = info.lines()
                    .filter(line -> line.startsWith("run_id:"))
                    .map(line -> line.substring("run_id:".length()).strip())
                    .findFirst()
                    .orElse("");
            RUNS.put(connection, known);
        }
        return known;
    }

    /** Sends a command and waits for its reply. */
    @Nullable
    public Object call(CommandArguments command) {
        return call(command, null, List.of());
    }

    private @Nullable Object call(CommandArguments command, @Nullable Script script, List<String> keys) {
        try {
            ask();
            return Resp3.plain(connection.executeCommand(command));
        } catch (JedisException e) {
            throw RedisErrors.of(e, server, script, keys);
        } catch (RuntimeException | Error e) {
            connection.setBroken(); // its reply may still come, and is not that of the next command
            throw e;
        }
    }

    @Nullable
    public Object call(Command command, Object... args) {
        return call(new CommandArguments(command).addObjects(args));
    }

    /** Runs a script, loading it if the server does not know it (any more). */
    public Object run(Script script, List<String> keys, List<?> args) {
        return run(script, keys, args, () -> {});
    }

    /** Runs a script, and something else before its reply is awaited. */
    public Object run(Script script, List<String> keys, List<?> args, Runnable meanwhile) {
        try {
            ask();
            connection.sendCommand(command(Command.EVALSHA, script.sha1(), keys, args));
            connection.getMany(0); // flushes
            meanwhile.run();
            return connection.getOne();
        } catch (JedisNoScriptException e) {
            Object reply = call(command(Command.EVAL, script.source(), keys, args), script, keys);
            return reply == null ? List.of() : reply;
        } catch (JedisException e) {
            throw RedisErrors.of(e, server, script, keys);
        } catch (StoreException e) {
            throw e; // of the second call
        } catch (RuntimeException | Error e) {
            connection.setBroken(); // its reply may still come, and is not that of the next command
            throw e;
        }
    }

    /**
     * Runs scripts in one pipeline; an answer each, in their order. Throws only if the connection broke before the first
     * reply.
     */
    List<Answer<Object>> runAll(List<Job> jobs) {
        if (asking || jobs.size() == 1) { // each command would have to be announced
            return Answer.each(jobs, job -> run(job.script(), job.keys(), job.args()));
        }
        List<Answer<Object>> answers = new ArrayList<>(jobs.size());
        List<Integer> unknown = new ArrayList<>(0); // to the server, which may just have restarted
        try {
            for (Job job : jobs) {
                connection.sendCommand(command(Command.EVALSHA, job.script().sha1(), job.keys(), job.args()));
            }
            for (Job job : jobs) {
                try {
                    answers.add(new Answer.Given<>(connection.getOne()));
                } catch (JedisDataException e) {
                    if (e instanceof JedisNoScriptException) {
                        unknown.add(answers.size());
                    }
                    answers.add(new Answer.Failed<>(RedisErrors.of(e, server, job.script(), job.keys())));
                }
            }
        } catch (JedisException e) {
            StoreException failure = RedisErrors.of(e, server);
            if (answers.isEmpty()) {
                throw failure;
            }
            answers.addAll(Collections.nCopies(jobs.size() - answers.size(), new Answer.Failed<>(failure)));
            return answers;
        } catch (RuntimeException | Error e) {
            connection.setBroken(); // replies may still come, and are not those of the next commands
            throw e;
        }
        return unknown.isEmpty() ? answers : runUnknown(jobs, unknown, answers);
    }

    /** The first brings the script along, so that the others need not. */
    private List<Answer<Object>> runUnknown(List<Job> jobs, List<Integer> unknown, List<Answer<Object>> answers) {
        List<Job> again = unknown.stream().map(jobs::get).toList();
        List<Answer<Object>> got = new ArrayList<>(runAll(again.subList(0, 1)));
        if (again.size() > 1) {
            got.addAll(
                    broken()
                            ? Collections.nCopies(again.size() - 1, got.get(0))
                            : runAll(again.subList(1, again.size())));
        }
        for (int i = 0; i < got.size(); i++) {
            answers.set(unknown.get(i), got.get(i));
        }
        return answers;
    }

    private void ask() {
        if (asking) {
            connection.executeCommand(Command.ASKING);
        }
    }

    private static CommandArguments command(Command how, String what, List<String> keys, List<?> args) {
        CommandArguments command = new CommandArguments(how).add(what).add(keys.size());
        for (String key : keys) {
            command.add(key);
        }
        for (Object arg : args) {
            if (arg instanceof byte[] bytes) {
                command.add(bytes);
            } else {
                command.add(String.valueOf(arg));
            }
        }
        return command;
    }

    /** How long a reply may take from now on. */
    public void replyTimeout(long millis) {
        try {
            connection.setSoTimeout((int) millis);
        } catch (JedisException e) {
            throw RedisErrors.of(e, server);
        }
    }

    public boolean broken() {
        return connection.isBroken();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (JedisException e) {
            // it was broken before; whoever used it has been told
        }
    }

    // ---- replies

    public static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }

    public static long number(Object reply) {
        return reply instanceof Long number ? number : Long.parseLong(text(reply));
    }

    /** The number, or something else where others have written what is none. */
    public static long number(@Nullable Object reply, long otherwise) {
        try {
            return reply == null ? otherwise : number(reply);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    @SuppressWarnings("unchecked") // RESP has no other kind of list
    public static List<Object> list(@Nullable Object reply) {
        return reply == null ? List.of() : (List<Object>) reply;
    }

    public static List<String> texts(Object reply) {
        return list(reply).stream().map(Link::text).toList();
    }

    /** From names and values in turn. */
    public static Map<String, String> map(Object reply) {
        List<String> flat = texts(reply);
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            map.put(flat.get(i), flat.get(i + 1));
        }
        return map;
    }
}
