package dev.hark.cli.dead;

import dev.hark.admin.Inspector;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Notes;
import java.util.ArrayList;
import java.util.List;

/** The ids that were named and not found. */
final class Missing {

    private final String queue;
    private final List<String> ids = new ArrayList<>();

    Missing(String queue) {
        this.queue = queue;
    }

    void add(String id) {
        ids.add(id);
    }

    /** Says so if there is no such queue: others may have added to one that is not on the list. */
    static void queue(String queue, Inspector inspector, Notes notes) {
        if (!inspector.queueNames().contains(queue)
                && inspector.queue(queue).info().waiting() == 0) {
            notes.say("there is no queue " + queue);
        }
    }

    /** Says so, in one line, and returns the exit code. */
    int report(Notes notes) {
        if (ids.isEmpty()) {
            return ExitCode.DONE;
        }
        notes.say(queue + " has no dead letter " + String.join(", ", ids) + "; hark dead list " + queue
                + " shows those it has");
        return ExitCode.FAILED;
    }
}
