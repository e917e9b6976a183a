package dev.hark.examples;

import dev.hark.HandlerInterceptor;
import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.Publish;
import java.util.concurrent.CountDownLatch;

/** What all handlers need, written once: here who a message is for, and how each attempt has ended. */
public final class AroundHandlers {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private AroundHandlers() {}

    public static void main(String[] args) throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(1);
        HandlerInterceptor tenant = (message, invocation) -> {
            TENANT.set(message.headers().get("tenant"));
            try {
                return invocation.proceed();
            } finally {
                TENANT.remove();
            }
        };
        HandlerInterceptor outcomes = (message, invocation) -> {
            Outcome outcome = invocation.proceed();
            System.out.println(message.queue() + ": " + outcome + " in attempt " + message.attempt());
            handled.countDown();
            return outcome;
        };
        try (Hark hark = Hark.builder()
                .url(Url.of(args))
                .interceptor(tenant) // around what comes next
                .interceptor(outcomes)
                .build()) {
            MessageQueue<String> reports = hark.queue("reports", String.class);
            hark.listener()
                    .handle(reports, title -> System.out.println(title + " for " + TENANT.get()))
                    .start();

            reports.publish("Sales", Publish.header("tenant", "acme"));
            handled.await();
        }
    }
}
