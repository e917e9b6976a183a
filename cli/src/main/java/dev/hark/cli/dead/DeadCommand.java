package dev.hark.cli.dead;

import dev.hark.cli.connect.Invocation;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hark dead}. */
@Command(
        name = "dead",
        description = "Looks after the messages that were given up.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "  hark dead list mail",
            "  hark dead show mail ID",
            "  hark dead retry mail --all",
            "  hark dead delete mail ID ID"
        },
        subcommands = {DeadListCommand.class, DeadShowCommand.class, DeadRetryCommand.class, DeadDeleteCommand.class})
public final class DeadCommand implements Callable<Integer> {

    @ParentCommand
    private Invocation hark;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        return hark.usage(spec);
    }

    Invocation hark() {
        return hark;
    }
}
