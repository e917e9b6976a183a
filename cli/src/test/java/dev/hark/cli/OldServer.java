package dev.hark.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Says that it is a Redis of some version, and OK to all else: no such old one can be installed any more. */
final class OldServer implements AutoCloseable {

    private final ServerSocket listening;
    private final String info;

    OldServer(String version) throws IOException {
        this.info = "# Server\r\nredis_version:" + version + "\r\n";
        this.listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket client) {
        try (client;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
            for (String head = in.readLine(); head != null; head = in.readLine()) {
                int arguments = Integer.parseInt(head.substring(1));
                String command = "";
                for (int i = 0; i < arguments; i++) {
                    in.readLine();
                    String argument = in.readLine();
                    command = i == 0 ? argument : command;
                }
                String reply = switch (command) {
                    case "INFO" -> "$" + info.length() + "\r\n" + info + "\r\n";
                    case "HELLO" -> "*2\r\n$5\r\nproto\r\n:2\r\n";
                    default -> "+OK\r\n";
                };
                client.getOutputStream().write(reply.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            // The client has what it wanted.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
