package dev.hark.soak;

import dev.hark.Channel;
import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.Message;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.RetryPolicy;
import dev.hark.error.HarkException;
import dev.hark.event.Observer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** One Hark with listeners and subscriptions, each of which is closed and started again now and then. */
final class Station {

    /** What of a station is closed and started again. */
    enum Part {
        ONE_QUEUE,
        BOTH_QUEUES,
        CHANNEL,
        PATTERN,
        ALL
    }

    private static final Duration LEASE = Duration.ofSeconds(2);

    private final String url;
    private final Account account;
    private final Observer observer;
    final AtomicLong heard = new AtomicLong();
    final AtomicLong failedStarts = new AtomicLong();

    // written by whoever causes faults
    private volatile Hark hark;
    private volatile MessageQueue<String> jobs;
    private volatile MessageQueue<String> mail;
    private volatile Channel<String> news;
    private Listener one;
    private Listener both;
    private Listener channel;
    private Listener pattern;

    Station(String url, Account account, Observer observer) {
        this.url = url;
        this.account = account;
        this.observer = observer;
        connect();
        start();
    }

    MessageQueue<String> queue(long number) {
        return number % 3 == 0 ? mail : jobs;
    }

    Channel<String> news() {
        return news;
    }

    Hark hark() {
        return hark;
    }

    private void connect() {
        hark = patiently(() -> Hark.builder()
                .url(url)
                .lease(LEASE)
                .closeTimeout(Duration.ofSeconds(10))
                .observer(observer)
                .build());
        jobs = hark.queue("jobs", String.class);
        mail = hark.queue("mail", String.class);
        news = hark.channel("news", String.class);
    }

    private void start() {
        one = listenToOne();
        both = listenToBoth();
        channel = hear();
        pattern = hearPattern();
    }

    private Listener listenToOne() {
        return patiently(() -> hark.listener()
                .handleMessage(jobs, this::handle)
                .retry(RetryPolicy.fixed(Duration.ofMillis(50)).maxAttempts(100))
                .concurrency(20)
                .start());
    }

    private Listener listenToBoth() {
        return patiently(() -> hark.listener()
                .handleMessage(jobs, this::handle)
                .handleMessage(mail, this::handle)
                .retry(RetryPolicy.fixed(Duration.ofMillis(50)).maxAttempts(100))
                .concurrency(5)
                .start());
    }

    private Listener hear() {
        return patiently(() -> news.subscribe(body -> heard.incrementAndGet()));
    }

    private Listener hearPattern() {
        return patiently(() -> hark.channels("new*", String.class, (name, body) -> heard.incrementAndGet()));
    }

    private Outcome handle(Message<String> message) {
        long number = Long.parseLong(message.body().substring(0, message.body().indexOf(' ')));
        if (number % 20 == 0) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos()); // work, so that some are always in a handler
        }
        switch ((int) (number % 50)) {
            case 1 -> {
                if (message.attempt() == 1) {
                    throw new IllegalStateException("as it happens");
                }
            }
            case 2 -> {
                if (message.attempt() < 3) {
                    return Outcome.retry(Duration.ofMillis(200));
                }
            }
            case 3 -> {
                account.handled(number);
                return Outcome.dead("as it happens");
            }
            default -> {}
        }
        account.handled(number);
        return Outcome.done();
    }

    void again(Part part, Duration deadline) {
        switch (part) {
            case ONE_QUEUE -> {
                one.close(deadline);
                one = listenToOne();
            }
            case BOTH_QUEUES -> {
                both.close(deadline);
                both = listenToBoth();
            }
            case CHANNEL -> {
                channel.close(deadline);
                channel = hear();
            }
            case PATTERN -> {
                pattern.close(deadline);
                pattern = hearPattern();
            }
            case ALL -> {
                hark.close(deadline);
                connect();
                start();
            }
        }
    }

    /** Redis may be away just now. */
    private <T> T patiently(Supplier<T> start) {
        while (true) {
            try {
                return start.get();
            } catch (HarkException e) {
                if (failedStarts.incrementAndGet() > 10_000) {
                    throw e;
                }
            }
        }
    }

    List<Listener> listeners() {
        return List.of(one, both, channel, pattern);
    }

    void close() {
        hark.close();
    }
}
