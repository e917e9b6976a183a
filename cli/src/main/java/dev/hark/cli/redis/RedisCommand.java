package dev.hark.cli.redis;

import dev.hark.cli.connect.Invocation;
import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.process.Stop;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hark redis}. */
@Command(
        name = "redis",
        description = {
            "Runs a Redis on 127.0.0.1 until Ctrl-C or SIGTERM. The first line that it prints is its URL.",
            "",
            "It takes the redis-server or valkey-server that is installed, else the one that Hark brings along."
        },
        footer = {
            "  hark redis",
            "  hark redis --port 6379 --dir ./data       # keeps what it holds",
            "  export HARK_REDIS=redis://127.0.0.1:PORT  # in another terminal"
        })
public final class RedisCommand implements Callable<Integer> {

    @ParentCommand
    private Invocation hark;

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "P", description = "The port. Default: a free one.")
    private int port;

    @Option(
            names = "--dir",
            paramLabel = "D",
            description = "The folder to keep data in. Default: a temporary one, gone at the end.")
    private @Nullable Path dir;

    @Override
    public Integer call() {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(
                    spec.commandLine(), "Port " + port + " is not between 1 and 65535, nor 0 for a free one");
        }
        ServerOptions options = ServerOptions.defaults().port(port);
        Stop stop = new Stop();
        hark.io().signals().stopping(stop);
        try (DevServer server = DevServer.start(dir == null ? options : options.dir(dir))) {
            hark.out().line(server.url());
            hark.notes()
                    .say("Redis " + server.version() + " keeps its data in " + server.dir()
                            + (dir == null ? ", deleted at the end" : "") + "; Ctrl-C stops it");
            Thread.ofVirtual().start(() -> watch(server, stop));
            stop.await();
            stop.rethrow();
        }
        return ExitCode.DONE;
    }

    private static void watch(DevServer server, Stop stop) {
        try {
            int code = server.awaitExit();
            stop.fail(new CommandFailure(
                    ExitCode.FAILED, "redis-server ended with exit code " + code + ": " + server.logTail()));
        } catch (InterruptedException e) {
            stop.request();
        }
    }
}
