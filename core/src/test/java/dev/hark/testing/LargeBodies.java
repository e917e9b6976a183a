package dev.hark.testing;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.Overflow;
import java.util.AbstractList;
import java.util.concurrent.CountDownLatch;

/**
 * The main class of a process that publishes and handles bodies of 1 MiB that do not fit into its heap together.
 * Arguments: url, how many. It prints {@code handled} and how many.
 */
public final class LargeBodies {

    private static final int MIB = 1 << 20;

    private LargeBodies() {}

    public static void main(String[] args) throws InterruptedException {
        int count = Integer.parseInt(args[1]);
        try (Hark hark = Hark.connect(args[0])) {
            MessageQueue<byte[]> queue =
                    hark.queue("large", byte[].class, q -> q.maxLength(20).overflow(Overflow.BLOCK));
            CountDownLatch handled = new CountDownLatch(count);
            Listener listener = hark.listener()
                    .handle(queue, body -> {
                        if (body.length == MIB && body[MIB - 1] == body[0]) {
                            handled.countDown();
                        }
                    })
                    .concurrency(10)
                    .start();
            queue.publishAll(new AbstractList<>() {
                @Override
                public byte[] get(int i) {
                    byte[] body = new byte[MIB];
                    body[0] = (byte) i;
                    body[MIB - 1] = (byte) i;
                    return body;
                }

                @Override
                public int size() {
                    return count;
                }
            });
            handled.await();
            listener.close();
        }
        System.out.println("handled " + count);
    }
}
