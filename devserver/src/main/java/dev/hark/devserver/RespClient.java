package dev.hark.devserver;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;

/** Just enough of Redis's protocol to ask a server how it is. */
final class RespClient implements Closeable {

    private final Socket socket;
    private final InputStream replies;

    RespClient(int port, Duration timeout, SocketFactory sockets) throws IOException {
        socket = sockets.createSocket();
        try {
            int millis = Math.toIntExact(timeout.toMillis());
            socket.connect(Ports.loopback(port), millis);
            socket.setSoTimeout(millis);
            replies = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The reply as text: of an error with its leading {@code -}, of nothing as an empty one. */
    String call(String... command) throws IOException {
        send(command);
        return reply(line());
    }

    /** The elements of a reply that is an array of strings. */
    List<String> list(String... command) throws IOException {
        send(command);
        String head = line();
        if (head.charAt(0) != '*') {
            throw new IOException("Not an array: " + reply(head));
        }
        List<String> elements = new ArrayList<>();
        for (int left = Integer.parseInt(head.substring(1)); left > 0; left--) {
            elements.add(reply(line()));
        }
        return elements;
    }

    private void send(String... command) throws IOException {
        StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
        for (String part : command) {
            request.append('$')
                    .append(part.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
            request.append(part).append("\r\n");
        }
        socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String reply(String head) throws IOException {
        return switch (head.charAt(0)) {
            case '-' -> head;
            case '+', ':' -> head.substring(1);
            case '$' -> bulk(Integer.parseInt(head.substring(1)));
            default -> throw new IOException("Not a reply of Redis: " + head);
        };
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return "";
        }
        byte[] bytes = replies.readNBytes(length + 2);
        if (bytes.length < length + 2) {
            throw new EOFException("The reply was cut off");
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = replies.read(); c != '\r'; c = replies.read()) {
            if (c < 0) {
                throw new EOFException("The reply was cut off");
            }
            line.append((char) c);
        }
        if (replies.read() != '\n' || line.isEmpty()) {
            throw new IOException("Not a reply of Redis: " + line);
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
