package dev.hark.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** BullMQ, in a Node program that is told over its standard input what to do. */
final class BullMqPeer implements Peer {

    private static final JsonMapper JSON = new JsonMapper();

    private final Process node;
    private final Writer commands;
    private final BufferedReader answers;

    BullMqPeer(String url) throws IOException {
        node = new ProcessBuilder("node", folder().resolve("peer.js").toString(), url)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = node.outputWriter(StandardCharsets.UTF_8);
        answers = node.inputReader(StandardCharsets.UTF_8);
    }

    /** Where the program lies; {@code bench/peers/run} and the tests say so. */
    private static Path folder() {
        return Path.of(System.getProperty("hark.peers.bullmq", "bench/peers/bullmq"));
    }

    /** The version that is pinned there. */
    static String version() {
        return JSON.readTree(folder().resolve("package.json"))
                .at("/dependencies/bullmq")
                .asString();
    }

    private JsonNode ask(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the Node program ended at '" + command + "'; what it said stands above");
        }
        return JSON.readTree(answer);
    }

    private Duration time(String command) throws IOException {
        return Duration.ofNanos(Math.round(ask(command).required("millis").asDouble() * 1e6));
    }

    @Override
    public Duration publish(int messages) throws IOException {
        return time("publish " + messages);
    }

    @Override
    public Duration drain(int messages) throws IOException {
        return time("drain " + messages);
    }

    @Override
    public void clear() throws IOException {
        ask("clear");
    }

    @Override
    public void close() {
        try (commands) {
            clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            node.destroy();
        }
    }
}
