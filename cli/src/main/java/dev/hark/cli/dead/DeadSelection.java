package dev.hark.cli.dead;

import dev.hark.Hark;
import dev.hark.Inspector;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.term.Json;
import java.util.List;
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
     */
    int apply(Invocation hark, String what, ToAll toAll, ToOne toOne) {
        if (all == !ids.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    all ? "--all and IDs exclude each other: leave one of them out" : "Name IDs, or --all");
        }
        Missing missing = new Missing(queue);
        try (Hark connected = hark.connect()) {
            Inspector inspector = connected.inspector();
            long count = all ? toAll.apply(inspector, queue) : each(inspector, toOne, missing);
            hark.out()
                    .line(
                            hark.json()
                                    ? Json.object(json -> json.writeNumberProperty(what, count))
                                    : count + " " + what);
            if (all && count == 0) {
                Missing.queue(queue, inspector, hark.notes());
            }
        }
        return missing.report(hark.notes());
    }

    private long each(Inspector inspector, ToOne toOne, Missing missing) {
        long count = 0;
        for (String id : ids) {
            if (toOne.apply(inspector, queue, id)) {
                count++;
            } else {
                missing.add(id);
            }
        }
        return count;
    }

    @FunctionalInterface
    interface ToAll {
        long apply(Inspector inspector, String queue);
    }

    /** Returns false where there is no such dead letter. */
    @FunctionalInterface
    interface ToOne {
        boolean apply(Inspector inspector, String queue, String id);
    }
}
