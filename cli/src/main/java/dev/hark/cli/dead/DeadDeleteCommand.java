package dev.hark.cli.dead;

import dev.hark.admin.DeadLetters;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code hark dead delete}. */
@Command(
        name = "delete",
        description = "Deletes dead letters for good.",
        footer = {"  hark dead delete mail ID ID", "  hark dead delete mail --all"})
final class DeadDeleteCommand implements Callable<Integer> {

    @ParentCommand
    private DeadCommand dead;

    @Mixin
    private DeadSelection selection;

    @Override
    public Integer call() {
        return selection.apply(dead.hark(), "deleted", DeadLetters::deleteAll, DeadLetters::delete);
    }
}
