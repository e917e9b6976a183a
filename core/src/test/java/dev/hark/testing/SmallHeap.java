package dev.hark.testing;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.RetryPolicy;
import java.time.Duration;

/**
 * The main class of a listener that tests give a small heap. Arguments: url, queue, lease in ms, most attempts. It prints
 * {@code event …} for each event, and {@code handled} and its size for each body.
 */
public final class SmallHeap {

    private SmallHeap() {}

    public static void main(String[] args) throws Exception {
        Hark hark = Hark.builder()
                .url(args[0])
                .lease(Duration.ofMillis(Long.parseLong(args[2])))
                .observer(
                        event -> System.out.println("event " + event.toString().replace('\n', ' ')))
                .build();
        MessageQueue<byte[]> queue = hark.queue(args[1], byte[].class);
        hark.listener()
                .handle(queue, body -> System.out.println("handled " + body.length))
                .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(Integer.parseInt(args[3])))
                .start();
        System.in.transferTo(java.io.OutputStream.nullOutputStream()); // until the tests are gone
        Runtime.getRuntime().halt(9);
    }
}
