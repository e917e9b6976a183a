package dev.hark.proof;

import dev.hark.devserver.Proxy;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own: a publisher or a worker. It ends with this JVM, since it reads its standard input. */
final class Child {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final Process process;
    private final Proxy proxy;
    private final OutputStream input;
    private final Map<String, Integer> said = new HashMap<>(); // guarded by itself
    private boolean silent; // guarded by said

    private Child(String name, Process process, Proxy proxy) {
        this.name = name;
        this.process = process;
        this.proxy = proxy;
        input = process.getOutputStream();
        Thread.ofPlatform().daemon().name("output of " + name).start(this::read);
    }

    /** Starts a main class with the class path of this JVM, and something before it. */
    static Child start(String name, Class<?> main, List<Path> classPath, Path errors, Proxy proxy, List<String> args) {
        List<String> path = new ArrayList<>();
        classPath.forEach(entry -> path.add(entry.toString()));
        path.add(System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx64m",
                "-cp",
                String.join(File.pathSeparator, path),
                main.getName()));
        command.addAll(args);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                    .start();
            return new Child(name, process, proxy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (said) {
                    said.merge(line, 1, Integer::sum);
                    said.notifyAll();
                }
            }
        } catch (IOException e) {
            // it was killed
        }
        synchronized (said) {
            silent = true;
            said.notifyAll();
        }
    }

    String name() {
        return name;
    }

    Proxy proxy() {
        return proxy;
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Waits until it has said this so often. */
    void await(String line, int times) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (said) {
            while (said.getOrDefault(line, 0) < times) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || silent) {
                    throw new IllegalStateException(
                            name + " did not say '" + line + "' " + times + " times, but " + said);
                }
                said.wait(left);
            }
        }
    }

    /** How often it has said this. */
    int said(String line) {
        synchronized (said) {
            return said.getOrDefault(line, 0);
        }
    }

    /** Writes a line to its standard input; harmless if it has ended. */
    void say(String line) {
        try {
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            // it has ended
        }
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGSTOP. */
    void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + process.pid())
                    .redirectErrorStream(true)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its end; false if that does not come in time. */
    boolean ends(Duration within) throws InterruptedException {
        return process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS);
    }
}
