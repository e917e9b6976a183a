package dev.hark.cli;

import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import java.util.List;

/** A redis-server for one test class, with a client that knows nothing of Hark. */
final class TestServer implements AutoCloseable {

    private final DevServer server;
    private final Redis redis;

    private TestServer(DevServer server) {
        this.server = server;
        this.redis = new Redis(server.port());
    }

    static TestServer start() {
        return start(ServerOptions.defaults());
    }

    static TestServer start(ServerOptions options) {
        return new TestServer(DevServer.start(options));
    }

    String url() {
        return server.url();
    }

    DevServer server() {
        return server;
    }

    Redis redis() {
        return redis;
    }

    /** A command with this server in its environment. */
    Cli cli() {
        return new Cli().env("HARK_REDIS", url());
    }

    /** Publishes, and returns the ids. */
    List<String> publish(String queue, String... bodies) {
        Cli.Result result = cli().in(String.join("\n", bodies)).run("publish", queue, "--lines");
        if (result.code() != 0) {
            throw new AssertionError(result.err());
        }
        return result.lines();
    }

    /** A figure of a queue, as the command shows it. */
    long figure(String queue, String name) {
        String json = cli().run("queues", "--json").out();
        String from = json.substring(json.indexOf("\"name\":\"" + queue + "\""));
        String value = from.replaceFirst("(?s).*?\"" + name + "\":(\\d+).*", "$1");
        return Long.parseLong(value);
    }

    @Override
    public void close() {
        server.close();
    }
}
