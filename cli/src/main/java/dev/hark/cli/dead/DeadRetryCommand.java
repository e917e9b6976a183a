package dev.hark.cli.dead;

import dev.hark.admin.DeadLetters;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code hark dead retry}. */
@Command(
        name = "retry",
        description = "Puts dead letters back into their queue, with all their attempts before them.",
        footer = {"  hark dead retry mail ID ID", "  hark dead retry mail --all"})
final class DeadRetryCommand implements Callable<Integer> {

    @ParentCommand
    private DeadCommand dead;

    @Mixin
    private DeadSelection selection;

    @Override
    public Integer call() {
        return selection.apply(dead.hark(), "retried", DeadLetters::retryAll, DeadLetters::retry);
    }
}
