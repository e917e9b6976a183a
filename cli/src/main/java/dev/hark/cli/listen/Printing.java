package dev.hark.cli.listen;

import dev.hark.Message;
import dev.hark.MessageHandler;
import dev.hark.Outcome;
import dev.hark.cli.process.Stop;
import dev.hark.cli.term.Json;
import dev.hark.cli.term.Output;
import dev.hark.cli.term.OutputException;
import java.time.Duration;

/** Prints each message. What could not be printed is given back, with no attempt burnt, and ends the command. */
final class Printing implements MessageHandler<byte[]> {

    private final Output out;
    private final boolean json;
    private final Stop stop;

    Printing(Output out, boolean json, Stop stop) {
        this.out = out;
        this.json = json;
        this.stop = stop;
    }

    @Override
    public Outcome handle(Message<byte[]> message) {
        try {
            if (json) {
                out.line(object(message));
            } else {
                out.body(message.body());
            }
            return Outcome.done();
        } catch (OutputException e) {
            stop.fail(e);
            return Outcome.snooze(Duration.ZERO);
        }
    }

    private static String object(Message<byte[]> message) {
        return Json.object(json -> {
            json.writeStringProperty("id", message.id());
            json.writeStringProperty("queue", message.queue());
            Json.text(json, "type", message.type());
            json.writeNumberProperty("attempt", message.attempt());
            Json.headers(json, message.headers());
            Json.body(json, message.body());
        });
    }
}
