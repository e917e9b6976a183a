package dev.hark.cli.exec;

import dev.hark.Message;
import dev.hark.cli.term.Json;
import dev.hark.cli.term.Text;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a command is given of a message. Its body is a file, which is complete before the command starts: of one that is fed
 * through a pipe a command would see the beginning, and then the end, if whoever feeds it is killed. All else is in its
 * environment, or, where that cannot take it, in a second file. Only our user can read them; closing deletes them.
 */
final class Parcel implements AutoCloseable {

    /** Of type, key and headers together. Linux takes 128 KiB in one variable, and 2 MiB in all as a rule. */
    private static final int MOST_BYTES = 64 << 10;

    /** How Java writes an environment; what it cannot write so, it would replace. */
    private static final Charset NATIVE = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private static final Set<String> IN_FILE = Set.of("HARK_TYPE", "HARK_KEY", "HARK_HEADERS");

    private static final List<String> ALL =
            List.of("HARK_ID", "HARK_QUEUE", "HARK_ATTEMPT", "HARK_TYPE", "HARK_KEY", "HARK_HEADERS", "HARK_META_FILE");

    private final Message<byte[]> message;
    private final Path body;
    private @Nullable Path meta;
    private final Map<String, String> variables = new HashMap<>();

    private Parcel(Message<byte[]> message, Path body) {
        this.message = message;
        this.body = body;
    }

    /** Writes it. */
    static Parcel of(Message<byte[]> message, Path folder) throws IOException {
        Parcel parcel = new Parcel(message, Files.createTempFile(folder, "", ".body"));
        try {
            Files.write(parcel.body, message.body());
            parcel.describe();
            return parcel;
        } catch (IOException | RuntimeException | Error e) {
            parcel.close();
            throw e;
        }
    }

    private void describe() throws IOException {
        variables.put("HARK_ID", message.id());
        variables.put("HARK_QUEUE", message.queue());
        variables.put("HARK_ATTEMPT", Integer.toString(message.attempt()));
        String type = Objects.requireNonNullElse(message.type(), "");
        String key = Objects.requireNonNullElse(message.key(), "");
        String headers = Json.object(json -> message.headers().forEach(json::writeStringProperty));
        if (fits(type + key + headers)) {
            variables.put("HARK_TYPE", type);
            variables.put("HARK_KEY", key);
            variables.put("HARK_HEADERS", headers);
        } else {
            useFile();
        }
    }

    /** Writes type, key and headers to a file: the environment cannot take them. */
    void useFile() throws IOException {
        Path file = Files.createTempFile(body.getParent(), "", ".json");
        meta = file;
        Files.write(file, json(message).getBytes(StandardCharsets.UTF_8));
        variables.keySet().removeAll(IN_FILE);
        variables.put("HARK_META_FILE", file.toString());
    }

    private static boolean fits(String all) {
        return all.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES
                && all.indexOf('\0') < 0
                && NATIVE.newEncoder().canEncode(all);
    }

    /** Half of a character, which strangers can write, is escaped: what keeps a command from starting must not be its message. */
    private static String json(Message<byte[]> message) {
        return Text.escape(Json.object(json -> {
            Json.text(json, "type", message.type());
            Json.text(json, "key", message.key());
            Json.headers(json, message.headers());
        }));
    }

    Path body() {
        return body;
    }

    /** A file that is there once its command has begun. */
    Path begun() {
        return body.resolveSibling(body.getFileName() + ".begun");
    }

    /** Sets our variables, and removes those of a message for which this process itself may have been started. */
    void putInto(Map<String, String> environment) {
        environment.keySet().removeAll(ALL);
        environment.putAll(variables);
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(body);
            Files.deleteIfExists(begun());
            if (meta != null) {
                Files.deleteIfExists(meta);
            }
        } catch (IOException e) {
            // the folder is deleted in the end
        }
    }
}
