package dev.hark;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Tests of what handlers do to messages: one that notes its attempts. */
abstract class Handlings extends OnBothStores {

    static final RetryPolicy SOON = RetryPolicy.fixed(Duration.ofMillis(10));

    final BlockingQueue<Integer> attempts = new LinkedBlockingQueue<>();

    Listener listen(RetryPolicy retry, MessageHandler<String> handler) {
        return hark.listener()
                .handleMessage(mail, message -> {
                    attempts.add(message.attempt());
                    return handler.handle(message);
                })
                .retry(retry)
                .start();
    }
}
