package dev.hark.testing;

import dev.hark.Hark;
import dev.hark.admin.AclUser;
import dev.hark.admin.Role;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import java.util.ArrayList;
import java.util.List;

/** A user of each role on a server, so that tests run with no more permissions than there should be. */
public final class Users {

    private static final String PASSWORD = "secret";

    private Users() {}

    /** Makes the users, who may use any channel. The default user stays, with all permissions and no password. */
    public static ServerOptions in(ServerOptions options, String prefix) {
        ServerOptions with = options;
        for (Role role : Role.values()) {
            AclUser user = of(role, prefix, options.binary().version());
            String line = Hark.aclLine(user).substring("user ".length());
            with = with.with("user", line + " >" + PASSWORD);
        }
        return with;
    }

    private static AclUser of(Role role, String prefix, String version) {
        AclUser.Syntax syntax = version.startsWith("6.2.")
                ? AclUser.Syntax.REDIS_6_2
                : version.startsWith("7.0.") ? AclUser.Syntax.REDIS_7 : AclUser.Syntax.REDIS_7_2;
        AclUser user = AclUser.of(role).prefix(prefix).channel("*").syntax(syntax);
        return role == Role.PUBLISHER ? user.dropOldest(true) : user;
    }

    /** Changes what the role admin may do on a server that is running, for example {@code -wait}. */
    public static void change(DevServer server, String prefix, String... rules) {
        List<Object> args = new ArrayList<>(
                List.of("SETUSER", AclUser.of(Role.ADMIN).prefix(prefix).name()));
        args.addAll(List.of(rules));
        try (Stranger stranger = new Stranger(server)) {
            stranger.call("ACL", args.toArray());
        }
    }

    /** The server as this role sees it. */
    public static String url(DevServer server, Role role, String prefix) {
        return url(server.url(), role, prefix);
    }

    /** Servers of any kind as this role sees them. */
    public static String url(String url, Role role, String prefix) {
        String user = AclUser.of(role).prefix(prefix).name();
        return url.replaceFirst("//(?:[^@]*@)?", "//" + user + ":" + PASSWORD + "@");
    }
}
