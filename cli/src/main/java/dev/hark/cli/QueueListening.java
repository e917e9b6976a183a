package dev.hark.cli;

import dev.hark.Codec;
import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.ListenerBuilder;
import dev.hark.MessageHandler;
import dev.hark.RetryPolicy;
import java.time.Duration;
import java.util.Set;

/** Listens to queues until a signal, a closed stdout, or an empty queue. */
final class QueueListening {

    private final HarkCommand hark;
    private final Set<String> queues;
    private final Stop stop;
    private final boolean drain;

    QueueListening(HarkCommand hark, Set<String> queues, Stop stop, boolean drain) {
        this.hark = hark;
        this.queues = queues;
        this.stop = stop;
        this.drain = drain;
    }

    void run(Duration lease, int concurrency, RetryPolicy retry, MessageHandler<byte[]> handler) {
        try (Hark connected =
                hark.connect(new Notices(hark.notes(), Notices.Scope.QUEUES), builder -> builder.lease(lease))) {
            ListenerBuilder builder = connected
                    .listener()
                    .concurrency(concurrency)
                    .platformThreads(true)
                    .retry(retry);
            for (String queue : queues) {
                builder.handleMessage(connected.queue(queue, Codec.bytes()), handler);
            }
            Listener listener = builder.start();
            hark.notes().say("listening on " + String.join(", ", queues));
            if (drain) {
                Drain.await(connected.inspector(), queues, stop);
            } else {
                stop.await();
            }
            listener.close();
        }
        stop.rethrow();
    }
}
