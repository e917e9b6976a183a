package dev.hark.cli;

import dev.hark.Hark;
import dev.hark.admin.AclUser;
import dev.hark.admin.AclUser.Syntax;
import dev.hark.admin.Role;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import java.util.List;

/**
 * A redis-server for one test class, with a client that knows nothing of Hark. The commands log in as a user with the
 * role admin for the keys that they use, and have no other permissions.
 */
public final class TestServer implements AutoCloseable {

    private static final AclUser ADMIN = AclUser.of(Role.ADMIN).channel("*");

    private final DevServer server;
    private final Redis redis;

    private TestServer(DevServer server) {
        this.server = server;
        this.redis = new Redis(server.port());
    }

    public static TestServer start() {
        return start(ServerOptions.defaults());
    }

    public static TestServer start(ServerOptions options) {
        Syntax syntax = options.binary().version().startsWith("6.2.") ? Syntax.REDIS_6_2 : Syntax.REDIS_7;
        ServerOptions with = options;
        for (AclUser user : List.of(ADMIN, ADMIN.prefix("hark-demo"))) {
            String line = Hark.aclLine(user.syntax(syntax)).substring("user ".length());
            with = with.with("user", line + " >secret");
        }
        return new TestServer(DevServer.start(with));
    }

    public String url() {
        return url(ADMIN);
    }

    /** For the demo, which has keys of its own. */
    public String demoUrl() {
        return url(ADMIN.prefix("hark-demo"));
    }

    private String url(AclUser user) {
        return server.url().replaceFirst("//(.*@)?", "//" + user.name() + ":secret@");
    }

    public DevServer server() {
        return server;
    }

    public Redis redis() {
        return redis;
    }

    /** A command with this server in its environment. */
    public Cli cli() {
        return new Cli().env("HARK_REDIS", url());
    }

    /** Publishes, and returns the ids. */
    public List<String> publish(String queue, String... bodies) {
        Cli.Result result = cli().in(String.join("\n", bodies)).run("publish", queue, "--lines");
        if (result.code() != 0) {
            throw new AssertionError(result.err());
        }
        return result.lines();
    }

    /** A figure of a queue, as the command shows it. */
    public long figure(String queue, String name) {
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
