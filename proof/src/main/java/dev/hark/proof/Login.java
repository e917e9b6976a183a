package dev.hark.proof;

import dev.hark.Hark;
import dev.hark.admin.AclUser;
import dev.hark.admin.AclUser.Syntax;
import dev.hark.admin.Role;
import dev.hark.devserver.ServerOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * As whom the processes of a run log in: on a server of its own each with its role, and no more permissions than that.
 *
 * @param admin who stands above the run and hurts it
 */
record Login(URI admin, Function<Role, URI> byRole) {

    /** Of all users that a run makes. */
    private static final String PASSWORD = "proof";

    /** The server, as who has this role. */
    URI as(Role role) {
        return byRole.apply(role);
    }

    /** A server that was given: as its URL says. */
    static Login given(String url) {
        URI uri = URI.create(url);
        return new Login(uri, role -> uri);
    }

    /** Servers whose users were made by {@link #withUsers} or {@link #makeUser}. */
    static Login byRole(String url, String prefix) {
        return new Login(
                URI.create(url),
                role -> URI.create(url.replaceFirst(
                        "//", "//" + AclUser.of(role).prefix(prefix).name() + ":" + PASSWORD + "@")));
    }

    /** Adds a user for each role. The default user stays, with all permissions. */
    static ServerOptions withUsers(ServerOptions options, String prefix) {
        ServerOptions with = options;
        for (Role role : Role.values()) {
            with = with.with("user", rules(role, prefix, options.binary().version()));
        }
        return with;
    }

    /** Adds a user of this role to a server that is running. */
    static void makeUser(Admin admin, Role role, String prefix, String version) {
        List<String> args = new ArrayList<>(List.of("SETUSER"));
        args.addAll(List.of(rules(role, prefix, version).split(" ")));
        admin.call("ACL", args.toArray());
    }

    private static String rules(Role role, String prefix, String version) {
        Syntax syntax = version.startsWith("6.")
                ? Syntax.REDIS_6_2
                : version.startsWith("7.0.") ? Syntax.REDIS_7 : Syntax.REDIS_7_2;
        String line = Hark.aclLine(AclUser.of(role).prefix(prefix).syntax(syntax));
        return line.substring("user ".length()) + " >" + PASSWORD;
    }
}
