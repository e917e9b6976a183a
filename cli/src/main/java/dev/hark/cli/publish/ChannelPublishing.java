package dev.hark.cli.publish;

import dev.hark.Channel;
import dev.hark.cli.term.Json;
import dev.hark.cli.term.Output;
import java.io.IOException;
import java.util.Optional;

/** Publishes bodies to a plain channel, and prints how many heard each. */
final class ChannelPublishing {

    private final Channel<byte[]> channel;
    private final Output out;
    private final boolean json;

    ChannelPublishing(Channel<byte[]> channel, Output out, boolean json) {
        this.channel = channel;
        this.out = out;
        this.json = json;
    }

    void run(Bodies bodies) throws IOException {
        for (Optional<byte[]> body = bodies.next(); body.isPresent(); body = bodies.next()) {
            print(channel.publish(body.get()));
        }
    }

    private void print(long receivers) {
        out.line(
                json
                        ? Json.object(fields -> {
                            fields.writeStringProperty("channel", channel.name());
                            fields.writeNumberProperty("receivers", receivers);
                        })
                        : Long.toString(receivers));
    }
}
