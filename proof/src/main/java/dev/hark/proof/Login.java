package dev.hark.proof;

import dev.hark.AclUser;
import dev.hark.AclUser.Syntax;
import dev.hark.Hark;
import dev.hark.Role;
import dev.hark.devserver.ServerOptions;
import java.net.URI;

/** As whom the processes of a run log in: on a server of its own each with its role, and no more permissions than that. */
interface Login {

    /** The server, as who has this role. */
    URI as(Role role);

    /** A server that was given: as its URL says. */
    static Login given(String url) {
        URI uri = URI.create(url);
        return role -> uri;
    }

    /** Servers that were started with {@link #withUsers}. */
    static Login byRole(String url, String prefix) {
        return role -> URI.create(
                url.replaceFirst("//", "//" + AclUser.of(role).prefix(prefix).name() + ":proof@"));
    }

    /** Adds a user for each role. The default user stays, with all permissions. */
    static ServerOptions withUsers(ServerOptions options, String prefix) {
        String version = options.binary().version();
        Syntax syntax = version.startsWith("6.")
                ? Syntax.REDIS_6_2
                : version.startsWith("7.0.") ? Syntax.REDIS_7 : Syntax.REDIS_7_2;
        ServerOptions with = options;
        for (Role role : Role.values()) {
            String line = Hark.aclLine(AclUser.of(role).prefix(prefix).syntax(syntax));
            with = with.with("user", line.substring("user ".length()) + " >proof");
        }
        return with;
    }
}
