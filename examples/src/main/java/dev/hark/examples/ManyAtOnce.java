package dev.hark.examples;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** Many messages: as a list, or one by one without waiting for each. Either way they travel to Redis in batches. */
public final class ManyAtOnce {

    private ManyAtOnce() {}

    public static void main(String[] args) throws InterruptedException {
        try (Hark hark = Hark.connect(Url.of(args))) {
            MessageQueue<Integer> numbers = hark.queue("numbers", Integer.class);

            List<Receipt> listed =
                    numbers.publishAll(IntStream.range(0, 1_000).boxed().toList());
            System.out.println("published " + listed.size() + " as a list");

            List<CompletableFuture<Receipt>> underWay = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                underWay.add(numbers.publishAsync(i));
            }
            CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new)).join(); // throws if one was refused
            System.out.println("published " + underWay.size() + " without waiting for each");

            CountDownLatch handled = new CountDownLatch(2_000);
            hark.listener()
                    .handle(numbers, number -> handled.countDown())
                    .concurrency(100)
                    .start();
            handled.await();
            System.out.println("handled 2000");
        }
    }
}
