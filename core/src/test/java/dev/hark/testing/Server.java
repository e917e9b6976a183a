package dev.hark.testing;

import dev.hark.admin.Role;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.Proxy;
import dev.hark.devserver.ServerOptions;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A redis-server for one test class, started when it is first asked for; its URL is that of a user with the role admin. */
public final class Server implements AfterAllCallback {

    private final UnaryOperator<ServerOptions> options;
    private @Nullable DevServer server;
    private @Nullable Stranger stranger;

    public Server() {
        this(options -> options);
    }

    public Server(UnaryOperator<ServerOptions> options) {
        this.options = options;
    }

    public synchronized DevServer get() {
        if (server == null) {
            server = DevServer.start(Users.in(options.apply(ServerOptions.defaults()), "hark"));
        }
        return server;
    }

    public String url() {
        return Users.url(get(), Role.ADMIN, "hark");
    }

    /** The same user, by way of a proxy. */
    public String url(Proxy proxy) {
        return Users.url(proxy.url(), Role.ADMIN, "hark");
    }

    /** A connection for plain commands; broken once the server was restarted, and then made anew by {@link #met}. */
    public synchronized Stranger stranger() {
        if (stranger == null) {
            stranger = new Stranger(get());
        }
        return stranger;
    }

    /** A new connection for plain commands, in place of the one before. */
    public synchronized Stranger met() {
        if (stranger != null) {
            stranger.close();
            stranger = null;
        }
        return stranger();
    }

    @Override
    public synchronized void afterAll(ExtensionContext context) {
        if (stranger != null) {
            stranger.close();
            stranger = null;
        }
        if (server != null) {
            server.close();
            server = null;
        }
    }
}
