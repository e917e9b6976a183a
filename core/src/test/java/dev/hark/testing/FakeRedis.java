package dev.hark.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Answers INFO and HELLO as a server of some version does, and OK to everything else. */
public final class FakeRedis implements AutoCloseable {

    private final ServerSocket server;
    private final String info;
    private final String hello;

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
                String reply = switch (command) {
                    case "INFO" -> "$" + info.length() + "\r\n" + info + "\r\n";
                    case "HELLO" -> hello;
                    default -> "+OK\r\n";
                };
                out.write(reply.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // the client is gone
        }
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
