package dev.hark.cli.listen;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.connect.Notices;
import dev.hark.cli.process.Stop;
import dev.hark.cli.term.Json;
import dev.hark.cli.term.OutputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints what arrives on plain channels, until a signal or a closed stdout. */
final class ChannelListening {

    private final Invocation hark;
    private final Set<String> channels;
    private final Set<String> patterns;
    private final Stop stop;

    ChannelListening(Invocation hark, Set<String> channels, Set<String> patterns, Stop stop) {
        this.hark = hark;
        this.channels = channels;
        this.patterns = patterns;
        this.stop = stop;
    }

    void run() {
        List<Listener> listeners = new ArrayList<>();
        try (Hark connected = hark.connect(new Notices(hark.notes(), Notices.Scope.CHANNELS), builder -> builder)) {
            for (String name : channels) {
                listeners.add(connected.channel(name, byte[].class).subscribe(body -> print(name, body)));
            }
            for (String pattern : patterns) {
                listeners.add(connected.channels(pattern, byte[].class, this::print));
            }
            hark.notes()
                    .say("listening on "
                            + Stream.concat(channels.stream(), patterns.stream())
                                    .collect(Collectors.joining(", ")));
            stop.await();
            listeners.forEach(Listener::close);
        }
        stop.rethrow();
    }

    private void print(String channel, byte[] body) {
        try {
            if (hark.json()) {
                hark.out().line(Json.object(json -> {
                    json.writeStringProperty("channel", channel);
                    Json.body(json, body);
                }));
            } else {
                hark.out().body(body);
            }
        } catch (OutputException e) {
            stop.fail(e);
        }
    }
}
