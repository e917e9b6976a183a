package dev.hark.internal.redis;

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
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.Protocol.Command;

/** Reads along all that a server is asked, what scripts ask it among it. */
final class Monitor implements AutoCloseable {

    /** A call of a script: the keys it was given, and those that it touched. */
    record Seen(Script script, List<String> keys, Set<String> touched) {}

    private static final String END = "that is all";
    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]++|\\\\.)*+)\"");

    /** Where the key stands among the words of a command; all others have it second, or none. */
    private static final Map<String, Integer> KEY_AT = Map.of("XINFO", 2, "XGROUP", 2);

    private static final Set<String> WITHOUT_KEY = Set.of("TIME", "PUBLISH");

    private final Socket socket;
    private final BufferedReader in;

    Monitor(int port) {
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
    List<Seen> seenUntilNow(RedisRig rig) {
        Map<String, Script> bySha =
                Stream.of(Script.values()).collect(Collectors.toMap(Script::sha1, Function.identity()));
        rig.call(Command.ECHO, END);
        List<Seen> seen = new ArrayList<>();
        Seen running = null;
        for (List<String> words = next(); !words.contains(END); words = next()) {
            boolean inScript = words.get(0).equals("lua");
            String command = words.get(1).toUpperCase(Locale.ROOT);
            if (inScript && running != null) {
                touched(command, words.subList(1, words.size())).forEach(running.touched()::add);
            } else if (command.equals("EVALSHA")) {
                Script script = bySha.get(words.get(2));
                int keys = Integer.parseInt(words.get(3));
                running = new Seen(script, words.subList(4, 4 + keys), new LinkedHashSet<>());
                seen.add(running);
            }
        }
        return seen;
    }

    private static List<String> touched(String command, List<String> words) {
        if (WITHOUT_KEY.contains(command)) {
            return List.of();
        }
        if (command.equals("XREADGROUP")) {
            List<String> streams = words.subList(words.indexOf("STREAMS") + 1, words.size());
            return streams.subList(0, streams.size() / 2);
        }
        return List.of(words.get(KEY_AT.getOrDefault(command, 1)));
    }

    /** The words of the next command, after the word {@code lua} or {@code client}. */
    private List<String> next() {
        try {
            String line = in.readLine();
            List<String> words = new ArrayList<>(List.of(line.contains(" lua] ") ? "lua" : "client"));
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
