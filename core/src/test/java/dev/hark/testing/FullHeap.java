package dev.hark.testing;

import dev.hark.Hark;
import dev.hark.Health;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.RetryPolicy;
import dev.hark.event.Event;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The main class of a listener whose heap is full now and then. Arguments: url, lease in ms. Each line that it reads is a
 * number of milliseconds for which it fills the heap; then it frees it, and prints {@code freed}. A message fails once.
 * Asked for its {@code health}, it prints {@code late} and by how many milliseconds the latest of its loops is late.
 */
public final class FullHeap {

    private FullHeap() {}

    public static void main(String[] args) throws Exception {
        Hark hark = Hark.builder()
                .url(args[0])
                .lease(Duration.ofMillis(Long.parseLong(args[1])))
                .observer(FullHeap::say)
                .build();
        MessageQueue<String> queue = hark.queue("mail", String.class);
        MessageQueue<String> answers = hark.queue("answers", String.class);
        Listener listener = hark.listener()
                .handleMessage(queue, message -> {
                    if (message.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                    answers.publish(message.body());
                    return dev.hark.Outcome.done();
                })
                .retry(RetryPolicy.fixed(Duration.ofMillis(100)).maxAttempts(1_000))
                .concurrency(5)
                .start();
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("health")) {
                Health health = listener.health();
                told("late " + health.late().toMillis() + " " + health.loops());
            } else {
                fill(Long.parseLong(line));
                told("freed");
            }
        }
        Runtime.getRuntime().halt(9); // the tests are gone
    }

    private static void say(Event event) {
        System.out.println("event " + event.toString().replace('\n', ' '));
    }

    /** Others may have the last of what has just been freed. */
    private static void told(String line) {
        while (true) {
            try {
                System.out.println(line);
                return;
            } catch (OutOfMemoryError e) {
                Thread.onSpinWait();
            }
        }
    }

    /** Takes all that there is, and what others give up, down to the last bytes. */
    private static void fill(long millis) {
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        Object[] all = new Object[1 << 20];
        int taken = 0;
        int size = 1 << 20;
        while (System.nanoTime() < end) {
            try {
                all[taken % all.length] = new byte[size];
                taken++;
            } catch (OutOfMemoryError e) {
                size = size > 16 ? size / 2 : 1 << 10;
            }
        }
    }
}
