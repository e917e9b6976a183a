package dev.hark.cli.connect;

import dev.hark.cli.term.Notes;
import dev.hark.cli.term.Times;
import dev.hark.event.Event;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Makes one outage of the several connections that break and come back with a Redis. */
final class Outage {

    private final Notes notes;

    /** What the connections that are lost now are used for; guarded by this object. */
    private final Set<String> lost = new HashSet<>();

    private Duration longest = Duration.ZERO;

    Outage(Notes notes) {
        this.notes = notes;
    }

    synchronized void on(Event.ConnectionLost event) {
        String line = "connection lost (" + event.use() + "): " + event.cause().getMessage() + "; trying again";
        if (lost.isEmpty()) {
            notes.say(line);
        } else {
            notes.detail(line);
        }
        lost.add(event.use());
    }

    synchronized void on(Event.ConnectionRegained event) {
        notes.detail("connection regained (" + event.use() + ") after " + Times.show(event.after()));
        longest = longest.compareTo(event.after()) > 0 ? longest : event.after();
        if (lost.remove(event.use()) && lost.isEmpty()) {
            notes.say("connection regained after " + Times.show(longest));
            longest = Duration.ZERO;
        }
    }
}
