package dev.hark.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that knows nothing of Hark, as other programs do. Each call is a connection of its own. */
public final class Redis {

    private final int port;

    public Redis(int port) {
        this.port = port;
    }

    /** Returns a string, a long, null, or a list of these. */
    public Object call(String... command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(utf8("*" + command.length + "\r\n"));
            for (String argument : command) {
                byte[] bytes = utf8(argument);
                request.writeBytes(utf8("$" + bytes.length + "\r\n"));
                request.writeBytes(bytes);
                request.writeBytes(utf8("\r\n"));
            }
            socket.getOutputStream().write(request.toByteArray());
            return reply(new BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long number(String... command) {
        return (Long) call(command);
    }

    public List<?> list(String... command) {
        return (List<?>) call(command);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Object reply(InputStream in) throws IOException {
        int kind = in.read();
        String line = line(in);
        return switch (kind) {
            case '+' -> line;
            case ':' -> Long.parseLong(line);
            case '$' -> bulk(in, Integer.parseInt(line));
            case '*' -> list(in, Integer.parseInt(line));
            case '-' -> throw new IOException(line);
            default -> throw new IOException("unknown reply " + (char) kind + line);
        };
    }

    private static Object bulk(InputStream in, int length) throws IOException {
        if (length < 0) {
            return null;
        }
        String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        in.readNBytes(2);
        return text;
    }

    private static Object list(InputStream in, int length) throws IOException {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            items.add(reply(in));
        }
        return items;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new IOException("Redis closed the connection");
            }
            line.append((char) c);
        }
        in.read();
        return line.toString();
    }
}
