package dev.hark.cli.dead;

import dev.hark.Hark;
import dev.hark.admin.DeadLetters;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.term.Json;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which dead letters something is done to. */
final class DeadSelection {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
    private String queue;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "ID", description = "Ids, or positions.")
    private List<String> ids = List.of();

    @Option(names = "--all", description = "All dead letters of the queue.")
    private boolean all;

    /**
     * Does it, and prints to how many.
     *
     * @param what the past participle that the result is printed with
     * @param toAll says to how many
     * @param toOne says whether there is such a dead letter
     */
    int apply(Invocation hark, String what, ToLongFunction<DeadLetters> toAll, BiPredicate<DeadLetters, String> toOne) {
        if (all == !ids.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    all ? "--all and IDs exclude each other: leave one of them out" : "Name IDs, or --all");
        }
        Missing missing = new Missing(queue);
        try (Hark connected = hark.connect()) {
            DeadLetters dead = connected.inspector().queue(queue).dead();
            long count = all ? toAll.applyAsLong(dead) : each(dead, toOne, missing);
            hark.out()
                    .line(
                            hark.json()
                                    ? Json.object(json -> json.writeNumberProperty(what, count))
                                    : count + " " + what);
            if (all && count == 0) {
                Missing.queue(queue, connected.inspector(), hark.notes());
            }
        }
        return missing.report(hark.notes());
    }

    private long each(DeadLetters dead, BiPredicate<DeadLetters, String> toOne, Missing missing) {
        long count = 0;
        for (String id : ids) {
            if (toOne.test(dead, id)) {
                count++;
            } else {
                missing.add(id);
            }
        }
        return count;
    }
}
