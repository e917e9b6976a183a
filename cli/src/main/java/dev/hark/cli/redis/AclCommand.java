package dev.hark.cli.redis;

import dev.hark.Hark;
import dev.hark.admin.AclUser;
import dev.hark.admin.AclUser.Syntax;
import dev.hark.admin.Role;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Json;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code hark acl}. */
@Command(
        name = "acl",
        description = {
            "Prints what a user of Redis needs and no more, as a line of an ACL file. Connects to nothing.",
            "",
            "publisher: publishes, and cannot read messages. worker: listens, and publishes. reader: sees queues and dead"
                    + " letters, and cannot change anything. admin: all of these, and mends queues by hand.",
            "",
            "The line holds no password, so nobody can log in before one is added, as below."
        },
        footer = {
            "  hark acl worker",
            "  echo \"ACL SETUSER $(hark acl worker | cut -d' ' -f2-) >secret\" |",
            "      redis-cli",
            "  hark acl publisher --prefix shop --channel 'news.*' >> users.acl"
        })
public final class AclCommand implements Callable<Integer> {

    @ParentCommand
    private Invocation hark;

    @Parameters(paramLabel = "ROLE", description = "publisher, worker, reader or admin.")
    private Role role;

    @Option(
            names = "--channel",
            paramLabel = "PATTERN",
            description = "A plain channel that the user may use, or a pattern of them; may be given several times. A"
                    + " publisher may publish there, a reader listen, the others both.")
    private List<String> channels = List.of();

    @Option(
            names = "--drop-oldest",
            description = "Let a publisher make room in queues set to drop-oldest. It must read what it drops, so this"
                    + " gives it all waiting messages to read.")
    private boolean dropOldest;

    @Option(
            names = "--syntax",
            paramLabel = "VERSION",
            description =
                    "The oldest Redis that has to understand it: 6.2, 7.0 or 7.2. Default: 7.0. With 6.2 a publisher"
                            + " can read messages that are due later, since commands cannot be limited to some keys there.")
    private Syntax syntax = Syntax.REDIS_7;

    @Override
    public Integer call() {
        AclUser user = new AclUser(role, hark.prefix(), channels, dropOldest, syntax);
        String line = Hark.aclLine(user);
        if (hark.json()) {
            hark.out().line(Json.object(json -> {
                json.writeStringProperty("name", user.name());
                json.writeStringProperty("line", line);
            }));
        } else {
            hark.out().line(line);
        }
        return ExitCode.DONE;
    }

    public static Role role(String value) {
        for (Role role : Role.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(value)) {
                return role;
            }
        }
        throw new TypeConversionException("'" + value + "' is not one of publisher, worker, reader, admin");
    }

    public static Syntax syntax(String value) {
        return switch (value) {
            case "6.2" -> Syntax.REDIS_6_2;
            case "7", "7.0" -> Syntax.REDIS_7;
            case "7.2" -> Syntax.REDIS_7_2;
            default -> throw new TypeConversionException("'" + value + "' is not one of 6.2, 7.0, 7.2");
        };
    }
}
