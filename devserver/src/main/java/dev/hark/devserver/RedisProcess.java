package dev.hark.devserver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * One run of a redis-server, from its start to its end.
 *
 * <p>It runs in a session of its own, where the system has {@code setsid}: a Ctrl-C at the terminal is for the program
 * that started it, which may want to drain first. A guard, a shell that waits for the end of its stdin, kills it as soon
 * as this JVM is gone, even by SIGKILL.
 */
final class RedisProcess {

    /** How a start ended. */
    enum Start {
        READY,
        PORT_TAKEN,
        DIED,
        SILENT
    }

    /** In the words of glibc, of musl. */
    private static final Pattern ADDRESS_IN_USE = Pattern.compile("Address (already )?in use");

    private static final Duration POLL = Duration.ofMillis(2);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);
    private static final String GUARD =
            "trap '' HUP INT TERM; read -r _; kill -9 \"$1\"; [ -z \"$2\" ] || rm -rf \"$2\"";

    private final Process process;

    /** Done when the server has ended and its guard is dismissed. */
    private final CompletableFuture<Void> end;

    private final Path log;
    private final long logStart;
    private final int port;
    private final ServerOptions options;

    private RedisProcess(
            Process process, CompletableFuture<Void> end, Path log, long logStart, int port, ServerOptions options) {
        this.process = process;
        this.end = end;
        this.log = log;
        this.logStart = logStart;
        this.port = port;
        this.options = options;
    }

    static RedisProcess launch(Executable executable, ConfForm form, ServerOptions options, int port, DataDir dir) {
        try {
            return tryLaunch(executable, form, options, port, dir);
        } catch (IOException e) {
            throw new DevServerException("Cannot run " + executable.path() + ": " + e.getMessage(), e);
        }
    }

    private static RedisProcess tryLaunch(
            Executable executable, ConfForm form, ServerOptions options, int port, DataDir dir) throws IOException {
        String conf = options.redisConf(port, dir.path());
        long logStart = Files.exists(dir.log()) ? Files.size(dir.log()) : 0;
        Process process = Spawn.start(Spawn.inOwnSession(form.command(executable.path(), conf, dir.conf()))
                .directory(dir.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.log().toFile())));
        CompletableFuture<Void> end = guard(process, dir);
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(conf.getBytes(StandardCharsets.UTF_8));
        } catch (IOException diedAtOnce) {
            // Its log says why.
        }
        return new RedisProcess(process, end, dir.log(), logStart, port, options);
    }

    private static CompletableFuture<Void> guard(Process process, DataDir dir) throws IOException {
        String folder = dir.temporary() ? dir.path().toString() : "";
        ProcessBuilder builder =
                Spawn.inOwnSession("sh", "-c", GUARD, "hark-guard", Long.toString(process.pid()), folder);
        try {
            Process guard = Spawn.start(builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD));
            // A process id may be used again: the guard of a server that has ended must not act on it.
            return process.onExit().thenRun(guard::destroyForcibly);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Waits until the server serves; as long as it loads its data, or else until the deadline. */
    Start awaitReady(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (process.isAlive()) {
            String answer = ping();
            if (answer.equals("PONG")) {
                return Start.READY;
            }
            boolean loading = answer.startsWith("-LOADING");
            if (!loading && System.nanoTime() - deadline > 0) {
                return Start.SILENT;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return ADDRESS_IN_USE.matcher(logText()).find() ? Start.PORT_TAKEN : Start.DIED;
    }

    /** The answer to a PING if it comes from this very process, and not from another that was faster to take the port. */
    private String ping() {
        try (RespClient client = connect(REPLY_TIMEOUT)) {
            String info = client.call("INFO", "server");
            boolean ours = info.lines().anyMatch(("process_id:" + process.pid())::equals);
            return ours ? client.call("PING") : info;
        } catch (IOException notYet) {
            return "";
        }
    }

    /** A connection that has given the password. */
    RespClient connect(Duration timeout) throws IOException {
        RespClient client = new RespClient(port, timeout, options.sockets());
        try {
            String password = options.password();
            if (password != null) {
                client.call("AUTH", password);
            }
            return client;
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    /** Asks the server to end in its own way, and kills it if it does not. */
    void stop() {
        signal("CONT");
        process.destroy();
        boolean ended = end.thenApply(done -> true)
                .completeOnTimeout(false, STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (!ended) {
            kill();
        }
    }

    void kill() {
        process.destroyForcibly();
        end.join();
    }

    /** @param name as the shell's kill takes it: STOP, CONT */
    void signal(String name) {
        Spawn.run("sh", "-c", "kill -s \"$1\" \"$2\"", "hark-signal", name, Long.toString(process.pid()));
    }

    int awaitExit() throws InterruptedException {
        return process.waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** What this run wrote. */
    String logText() {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = (int) Math.min(logStart, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(cannot read " + log + ": " + e + ")";
        }
    }
}
