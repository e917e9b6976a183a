package dev.hark.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Answers INFO and HELLO as a server of some version does, what it was told to some commands, and OK to all else. */
public final class FakeRedis implements AutoCloseable {

    private final ServerSocket server;
    private final String info;
    private final String hello;
    private final Map<String, Queue<String>> answers = new ConcurrentHashMap<>();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    /** A server of some version, with further lines of INFO. */
    public FakeRedis(String version, String... more) throws IOException {
        info = "# Server\r\nredis_version:" + version + "\r\n" + String.join("\r\n", more) + "\r\n";
        hello = Integer.parseInt(version.split("\\.", 2)[0]) < 6
                ? "-ERR unknown command `HELLO`, with args beginning with: `2`, \r\n"
                : "*4\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:2\r\n";
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("fake redis").start(this::accept);
    }

    public String url() {
        return "redis://127.0.0.1:" + server.getLocalPort();
    }

    /**
     * Answers a command with these in turn, and with the last ever after.
     *
     * @param replies as on the wire, without the line end of the last line; an empty one closes the connection
     */
    public FakeRedis answering(String command, String... replies) {
        answers.put(command, new ArrayDeque<>(List.of(replies)));
        return this;
    }

    /** The commands that have come, without arguments, those of logging in left out. */
    public List<String> heard() {
        return heard.stream()
                .filter(command -> !List.of("HELLO", "CLIENT", "SELECT").contains(command))
                .toList();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                DataInputStream in = new DataInputStream(client.getInputStream());
                OutputStream out = client.getOutputStream()) {
            while (true) {
                int parts = Integer.parseInt(line(in).substring(1));
                String command = "";
                for (int i = 0; i < parts; i++) {
                    byte[] part = in.readNBytes(Integer.parseInt(line(in).substring(1)) + 2);
                    command = i == 0 ? new String(part, StandardCharsets.UTF_8).strip() : command;
                }
                heard.add(command);
                String reply = reply(command);
                if (reply.isEmpty()) {
                    return;
                }
                out.write(reply.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // the client is gone
        }
    }

    private synchronized String reply(String command) {
        Queue<String> told = answers.get(command);
        if (told != null) {
            String next = told.size() > 1 ? told.remove() : told.element();
            return next.isEmpty() ? "" : next + "\r\n";
        }
        return switch (command) {
            case "INFO" -> bulk(info) + "\r\n";
            case "HELLO" -> hello;
            default -> "+OK\r\n";
        };
    }

    /** A text as a reply. */
    public static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text;
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readByte(); c != '\n'; c = in.readByte()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
