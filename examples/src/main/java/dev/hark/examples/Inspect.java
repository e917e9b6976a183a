package dev.hark.examples;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Publish;
import dev.hark.admin.Inspector;
import dev.hark.admin.QueueInfo;
import java.time.Duration;

/** What can be seen of queues, and done to them by hand. */
public final class Inspect {

    private Inspect() {}

    public static void main(String[] args) {
        try (Hark shop = Hark.connect(Url.of(args))) {
            MessageQueue<String> parcels = shop.queue("parcels", String.class);
            parcels.publish("to Oslo");
            parcels.publish("to Lima");
            parcels.publish("to Pune", Publish.after(Duration.ofDays(1)));
        }

        try (Hark hark = Hark.connect(Url.of(args))) {
            Inspector inspector = hark.inspector();
            for (QueueInfo queue : inspector.queues()) {
                System.out.println(queue.name() + ": " + queue.waiting() + " waiting, " + queue.active() + " active, "
                        + queue.later() + " later, " + queue.dead() + " dead, " + queue.done() + " done");
            }
            inspector.queue("parcels").delete(); // nobody listens or publishes to it any more
            System.out.println("left: " + inspector.queue("parcels").info().waiting());
        }
    }
}
