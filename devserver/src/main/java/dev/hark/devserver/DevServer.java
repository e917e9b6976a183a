package dev.hark.devserver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * A local redis-server for development, demonstrations and tests. It listens on 127.0.0.1 only.
 *
 * <pre>{@code
 * try (DevServer redis = DevServer.start()) {
 *     connect(redis.url());
 * }
 * }</pre>
 *
 * <p>The server ends with this object, and at the latest with this JVM, however that ends. All methods may be called
 * from any thread; those that start or end the server take turns.
 */
public final class DevServer implements AutoCloseable {

    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(10);

    private final Launcher launcher;
    private final ServerOptions options;
    private final DataDir dir;

    /** The present run, or the last one. Written by whoever holds the monitor of this object. */
    private volatile RedisProcess process;

    private final int port;
    private boolean closed;

    private DevServer(Launcher launcher, IntSupplier freePorts) {
        this.launcher = launcher;
        this.options = launcher.options();
        this.dir = launcher.dir();
        this.process = launcher.first(freePorts);
        this.port = process.port();
    }

    /** Starts any redis-server on a free port, with nothing kept. */
    public static DevServer start() {
        return start(ServerOptions.defaults());
    }

    /**
     * Starts a server and waits until it serves.
     *
     * @throws DevServerException if none is found, or it does not start
     */
    public static DevServer start(ServerOptions options) {
        return start(options, Ports.random()::free);
    }

    static DevServer start(ServerOptions options, IntSupplier freePorts) {
        return start(options, ConfForm.STDIN, freePorts);
    }

    static DevServer start(ServerOptions options, ConfForm form, IntSupplier freePorts) {
        Executable executable = options.binary().find();
        DataDir dir = DataDir.open(options.dir());
        try {
            return new DevServer(new Launcher(executable, form, options, dir), freePorts);
        } catch (RuntimeException e) {
            dir.close();
            throw e;
        }
    }

    /**
     * Where clients connect, with the password if there is one: {@code redis://127.0.0.1:PORT}, or with TLS
     * {@code rediss://localhost:PORT}.
     */
    public String url() {
        String host = options.tls() == null ? "127.0.0.1" : "localhost";
        return options.scheme() + "://" + options.userInfo() + host + ":" + port;
    }

    /** The port; the same over restarts. */
    public int port() {
        return port;
    }

    /** The folder with its data and its log. */
    public Path dir() {
        return dir.path();
    }

    /** The version that the redis-server says it has, such as {@code 7.0.15}. */
    public String version() {
        return launcher.executable().version();
    }

    /** The process id of the present run, or of the last one. */
    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** The last lines that the present run wrote, or the last one. */
    public String logTail() {
        return Launcher.tail(process);
    }

    /** Ends the server without a warning, as SIGKILL does. Harmless if it has ended. */
    public synchronized void kill() {
        process.kill();
    }

    /** Ends the server as SIGTERM does, and waits for it; kills it if it takes too long. Harmless if it has ended. */
    public synchronized void stop() {
        process.stop();
    }

    /** Starts the server again on the same port and folder, after stopping it if it runs, and waits until it serves. */
    public synchronized void restart() {
        if (closed) {
            throw new IllegalStateException("This server is closed. Start a new one.");
        }
        process.stop();
        process = launcher.launch(port);
    }

    /** Freezes the server as SIGSTOP does: it holds its connections, and answers nothing. */
    public synchronized void pause() {
        process.signal("STOP");
    }

    /** Lets a paused server go on. */
    public synchronized void resume() {
        process.signal("CONT");
    }

    /**
     * Waits until the server serves; while it loads its data, as long as that takes.
     *
     * @throws DevServerException if it does not
     */
    public void awaitReady() {
        RedisProcess present = process;
        RedisProcess.Start start = present.awaitReady(Launcher.START_TIMEOUT);
        if (start != RedisProcess.Start.READY) {
            throw launcher.failure(present, "does not serve");
        }
    }

    /**
     * Waits until this server follows that one, and has all that it had written when this was called.
     *
     * @throws DevServerException if that does not come to be within a minute
     */
    public void awaitInSyncWith(DevServer master) {
        long offset = Replication.of(master).offset();
        Await.until(
                "the replica on port " + port + " to be in sync with port " + master.port(),
                List.of(this, master),
                () -> Replication.of(this).hasCaughtUp(master.port(), offset));
    }

    /** The reply to a command, over a connection of its own: of an error with its leading {@code -}. */
    String ask(String... command) {
        return exchange(client -> client.call(command), command[0]);
    }

    /** The elements of a reply that is an array of strings. */
    List<String> askForList(String... command) {
        return exchange(client -> client.list(command), command[0]);
    }

    /** Has a command done. */
    void tell(String... command) {
        String reply = ask(command);
        if (reply.startsWith("-")) {
            throw new DevServerException(this + " refused " + command[0] + " " + command[1] + ": " + reply
                    + ". Its last lines:\n" + logTail());
        }
    }

    private interface Exchange<T> {
        T with(RespClient client) throws IOException;
    }

    private <T> T exchange(Exchange<T> exchange, String command) {
        try (RespClient client = process.connect(REPLY_TIMEOUT)) {
            return exchange.with(client);
        } catch (IOException e) {
            throw new DevServerException(this + " did not answer " + command + ": " + e.getMessage(), e);
        }
    }

    /**
     * Waits for the end of the present run.
     *
     * @return its exit code
     */
    public int awaitExit() throws InterruptedException {
        return process.awaitExit();
    }

    /** Ends the server: in its own way if its data is kept, else at once, deleting its temporary folder. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (dir.temporary()) {
            process.kill();
        } else {
            process.stop();
        }
        dir.close();
    }

    @Override
    public String toString() {
        Executable executable = launcher.executable();
        return "DevServer[" + executable.path() + " " + executable.version() + " on 127.0.0.1:" + port + "]";
    }
}
