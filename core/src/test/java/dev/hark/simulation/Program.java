package dev.hark.simulation;

import dev.hark.Codec;
import dev.hark.Receipt;
import dev.hark.RetryPolicy;
import dev.hark.error.NotPublishedException;
import dev.hark.error.PublishUnknownException;
import dev.hark.error.QueueFullException;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Deadline;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.QueueConfigs;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.listen.HandlerBinding;
import dev.hark.internal.engine.listen.Listening;
import dev.hark.internal.engine.publish.Publisher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What runs on a node: publishes to some queues, and listens to all of them, by the engine's own classes. */
final class Program {

    private static final Duration RETRY = Duration.ofMillis(200);

    private final World world;
    private final Node node;
    private final Store store;
    private final History history;
    private final List<Address> queues;
    private final Map<Address, Publisher> publishers = new HashMap<>();
    private @Nullable Listening listening;
    private int busy; // threads that publish, start or close a listener

    Program(World world, Node node, Store store, History history, List<Address> queues) {
        this.world = world;
        this.node = node;
        this.store = store;
        this.history = history;
        this.queues = queues;
        queues.forEach(queue -> publishers.put(queue, new Publisher(queue, store, node.env())));
    }

    Node node() {
        return node;
    }

    boolean busy() {
        return busy > 0;
    }

    boolean listens() {
        return listening != null;
    }

    private void start(String name, Runnable task) {
        busy++;
        node.start(name, () -> {
            task.run();
            busy--;
        });
    }

    // ---- listening

    /** Starts a listener, however often it takes. */
    void listen() {
        int concurrency = 1 + world.dice.nextInt(4);
        Duration timeout = world.chance(0.3) ? Simulation.LEASE.dividedBy(2) : null;
        start("listen", () -> {
            for (int failures = 0; listening == null; failures++) {
                Listening next = new Listening(
                        new Listening.Plan(
                                queues.stream()
                                        .<HandlerBinding<?>>map(this::binding)
                                        .toList(),
                                concurrency,
                                timeout,
                                false),
                        Simulation.LEASE,
                        node.isolation(),
                        new QueueConfigs(store, node.env()),
                        store,
                        node.env());
                try {
                    next.start();
                    listening = next;
                } catch (StoreException e) {
                    node.env().pause(failures);
                }
            }
        });
    }

    private HandlerBinding<String> binding(Address queue) {
        return new HandlerBinding<>(
                queue,
                Codec.text(),
                message -> {
                    Letter letter = history.letter(message.body());
                    int time = history.handling(letter, message.attempt());
                    world.tell(node, "handles", () -> letter + ", attempt " + message.attempt());
                    return letter.plan.handle(time, node, Simulation.LEASE);
                },
                RetryPolicy.fixed(RETRY).maxAttempts(Simulation.MAX_ATTEMPTS));
    }

    void closeListener(Duration deadline) {
        Listening closing = listening;
        if (closing != null) {
            listening = null;
            node.blame(); // a claim that is under way when it ends its session may bring something nobody hears of
            start("close", () -> closing.close(new Deadline(deadline, node.env())));
        }
    }

    /** Ends all that runs. */
    void close(Duration deadline) {
        closeListener(deadline);
        closePublishers(deadline);
    }

    private void closePublishers(Duration deadline) {
        List<Publisher> closing = List.copyOf(publishers.values());
        publishers.clear();
        closing.forEach(publisher -> start("close", () -> publisher.close(deadline)));
    }

    // ---- publishing

    /** Publishes some messages, now and then, in one of the ways that there are. */
    void publish(int count, Duration within) {
        start("publish", () -> {
            List<CompletableFuture<?>> receipts = new ArrayList<>();
            for (int left = count; left > 0; ) {
                node.pause(world.between(Duration.ZERO, within.dividedBy(Math.max(1, count / 2))));
                Publisher publisher = publishers.get(queues.get(world.dice.nextInt(queues.size())));
                int some = Math.min(left, 1 + world.dice.nextInt(4));
                switch (world.dice.nextInt(3)) {
                    case 0 -> {
                        CompletableFuture<?> receipt = one(publisher, true);
                        receipt.join();
                        some = 1;
                    }
                    case 1 -> {
                        for (int i = 0; i < some; i++) {
                            receipts.add(one(publisher, false));
                        }
                    }
                    default -> {
                        List<Letter> letters =
                                Stream.generate(this::write).limit(some).toList();
                        List<CompletableFuture<Receipt>> all =
                                publisher.publishAll(letters.stream().map(this::publication));
                        for (int i = 0; i < some; i++) {
                            receipts.add(told(letters.get(i), all.get(i)));
                        }
                    }
                }
                left -= some;
            }
            receipts.forEach(CompletableFuture::join);
            if (world.chance(0.5)) {
                closePublishers(within);
            }
        });
    }

    private Letter write() {
        return history.write(Plan.draw(world.dice));
    }

    private CompletableFuture<?> one(Publisher publisher, boolean here) {
        Letter letter = write();
        return told(letter, publisher.publish(publication(letter), here));
    }

    private Publication publication(Letter letter) {
        Publication.Due due = switch (world.dice.nextInt(4)) {
            case 0 -> new Publication.Due.After(world.dice.nextInt(5_000));
            case 1 -> new Publication.Due.At(Simulation.START_MILLIS + world.dice.nextInt(20_000));
            default -> Publication.NOW;
        };
        return new Publication(due, "", String.valueOf(letter.number).getBytes(StandardCharsets.UTF_8));
    }

    private CompletableFuture<?> told(Letter letter, CompletableFuture<Receipt> receipt) {
        return receipt.handle((published, failure) -> {
            switch (failure) {
                case null -> history.told(letter, Letter.Receipt.PUBLISHED);
                case QueueFullException full -> history.told(letter, Letter.Receipt.NOT_PUBLISHED);
                case NotPublishedException not -> history.told(letter, Letter.Receipt.NOT_PUBLISHED);
                case PublishUnknownException unknown -> history.told(letter, Letter.Receipt.UNKNOWN);
                default -> history.violated(letter + " failed with " + failure);
            }
            return letter;
        });
    }
}
