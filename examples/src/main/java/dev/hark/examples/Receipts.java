package dev.hark.examples;

import dev.hark.Durability;
import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Publish;
import dev.hark.Receipt;
import dev.hark.error.NotDurableException;

/** How safe a published message is: wished for by message or by queue, said by the receipt, insisted on where needed. */
public final class Receipts {

    private Receipts() {}

    public static void main(String[] args) {
        try (Hark hark = Hark.connect(Url.of(args))) {
            MessageQueue<String> letters = hark.queue("letters", String.class);
            System.out.println("unless asked: " + letters.publish("hi").durability());

            Receipt wished = letters.publish("hi", Publish.durability(Durability.FSYNCED));
            System.out.println("fsynced was asked for, reached: " + wished.durability());

            MessageQueue<String> orders = hark.queue(
                    "orders",
                    String.class,
                    q -> q.durability(Durability.replicated(1)).strict(true));
            try {
                System.out.println(
                        "on a replica: " + orders.publish("three tons of tea").id());
            } catch (NotDurableException e) {
                // it exists: publishing it again would make a duplicate; whoever may lose it keeps it elsewhere as well
                System.out.println("on no replica, reached: " + e.receipt().durability());
            }
        }
    }
}
