package dev.hark.internal.redis;

import dev.hark.internal.redis.scripts.Script;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Reads along all that a server is asked, what scripts ask it among it. */
public final class Monitor implements AutoCloseable {

    /**
     * A call of a script: the keys it was given, those that it touched, and its commands as {@code part COMMAND}. Or a
     * plain command, and the database that it was for.
     */
    public record Seen(
            @Nullable Script script, int database, List<String> keys, Set<String> touched, Set<String> commands) {}

    private static final String END = "that is all";
    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]++|\\\\.)*+)\"");

    /** Where the key stands among the words of a command; all others have it second, or none. */
    private static final Map<String, Integer> KEY_AT = Map.of("XINFO", 2, "XGROUP", 2, "MEMORY", 2);

    private static final Set<String> WITHOUT_KEY =
            Set.of("TIME", "PUBLISH", "SUBSCRIBE", "INFO", "HELLO", "CLIENT", "SELECT", "PING", "SCRIPT", "CONFIG");

    private static final Set<String> WITH_SUBCOMMAND = Set.of("XINFO", "XGROUP", "CLIENT", "MEMORY");
    private static final Pattern DATABASE = Pattern.compile(" \\[(\\d+) ");

    private final Socket socket;
    private final BufferedReader in;

    public Monitor(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.UTF_8));
            in.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every call so far of a script that was loaded before. */
    public List<Seen> seenUntilNow(RedisRig rig) {
        Map<String, Script> bySha =
                Stream.of(Script.values()).collect(Collectors.toMap(Script::sha1, Function.identity()));
        rig.call(Command.ECHO, END);
        List<Seen> seen = new ArrayList<>();
        Seen running = null;
        for (List<String> words = next(); !words.contains(END); words = next()) {
            boolean inScript = words.get(0).equals("lua");
            String command = words.get(1).toUpperCase(Locale.ROOT);
            if (inScript && running != null) {
                note(running, command, words);
            } else if (!inScript) {
                boolean evaluates = command.equals("EVALSHA");
                running = new Seen(
                        evaluates ? bySha.get(words.get(2)) : null,
                        Integer.parseInt(words.get(0)),
                        evaluates ? words.subList(4, 4 + Integer.parseInt(words.get(3))) : List.of(),
                        new LinkedHashSet<>(),
                        new TreeSet<>());
                seen.add(running);
                if (!evaluates) {
                    note(running, command, words);
                }
            }
        }
        return seen;
    }

    /** Every command that scripts have called so far, in turn. */
    public List<String> commandsOfScripts(RedisRig rig) {
        rig.call(Command.ECHO, END);
        List<String> commands = new ArrayList<>();
        for (List<String> words = next(); !words.contains(END); words = next()) {
            if (words.get(0).equals("lua")) {
                commands.add(words.get(1).toUpperCase(Locale.ROOT));
            }
        }
        return commands;
    }

    private static void note(Seen seen, String command, List<String> words) {
        String full = command
                + (WITH_SUBCOMMAND.contains(command) ? "|" + words.get(2).toUpperCase(Locale.ROOT) : "");
        List<String> touched = touched(command, words.subList(1, words.size()));
        seen.touched().addAll(touched);
        // a command over keys of several kinds has to be permitted for all of them at once
        Set<String> parts = touched.stream().map(Monitor::part).collect(Collectors.toSet());
        seen.commands().add(parts.size() == 1 ? parts.iterator().next() + " " + full : full);
    }

    /** {@code test:{q}:sender:x} is a key of the kind {@code sender}, {@code test:queues} of {@code queues}. */
    public static String part(String key) {
        return key.replaceFirst("^[^:]*:(\\{[^}]*}:)?", "").replaceFirst(":.*$", "");
    }

    private static List<String> touched(String command, List<String> words) {
        if (WITHOUT_KEY.contains(command)) {
            return List.of();
        }
        if (command.equals("XREADGROUP")) {
            List<String> streams = words.subList(words.indexOf("STREAMS") + 1, words.size());
            return streams.subList(0, streams.size() / 2);
        }
        if (command.equals("UNLINK")) {
            return words.subList(1, words.size());
        }
        if (words.size() <= KEY_AT.getOrDefault(command, 1)) {
            return List.of();
        }
        return List.of(words.get(KEY_AT.getOrDefault(command, 1)));
    }

    /** The words of the next command, after the word {@code lua} or the number of the database. */
    private List<String> next() {
        try {
            String line = in.readLine();
            Matcher database = DATABASE.matcher(line);
            boolean client = database.find() && !line.contains(" lua] ");
            List<String> words = new ArrayList<>(List.of(client ? database.group(1) : "lua"));
            Matcher word = WORD.matcher(line);
            while (word.find()) {
                words.add(word.group(1));
            }
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
