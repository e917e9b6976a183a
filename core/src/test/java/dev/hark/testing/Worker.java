package dev.hark.testing;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.event.Event;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of a listener that tests kill, stop and continue. Arguments: url, queue, lease in ms, concurrency,
 * journal, microseconds of work a message ('hold': until the line {@code go} arrives). It prints {@code ready},
 * {@code took ID} when it holds, and {@code event …} for each event.
 */
public final class Worker {

    private static final CountDownLatch GO = new CountDownLatch(1);

    private Worker() {}

    public static void main(String[] args) throws Exception {
        boolean hold = args[5].equals("hold");
        long micros = hold ? 0 : Long.parseLong(args[5]);
        Thread.ofPlatform().daemon().start(Worker::obey);
        Hark hark = Hark.builder()
                .url(args[0])
                .lease(Duration.ofMillis(Long.parseLong(args[2])))
                .observer(Worker::say)
                .build();
        MessageQueue<String> queue = hark.queue(args[1], String.class);
        Journal journal = new Journal(Path.of(args[4]));
        Listener listener = hark.listener()
                .handleMessage(queue, message -> {
                    if (hold) {
                        System.out.println("took " + message.id());
                        GO.await();
                    }
                    LockSupport.parkNanos(micros * 1_000);
                    journal.add(message.id());
                    return Outcome.done();
                })
                .concurrency(Integer.parseInt(args[3]))
                .start();
        System.out.println("ready");
        listener.awaitClosed();
    }

    private static void say(Event event) {
        System.out.println("event " + event.toString().replace('\n', ' '));
    }

    private static void obey() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("go")) {
                    GO.countDown();
                }
            }
        } catch (Exception e) {
            // as at the end
        }
        Runtime.getRuntime().halt(9); // the tests are gone
    }
}
