package dev.hark.simulation;

import dev.hark.QueueSettings;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.engine.StubStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The store as one node sees it: each call is a request and an answer under way, and the weather decides what comes of it. */
final class Network extends StubStore {

    private final World world;
    private final Node node;
    private final Server server;
    private final Weather weather;

    Network(World world, Node node, Server server, Weather weather) {
        this.world = world;
        this.node = node;
        this.server = server;
        this.weather = weather;
    }

    private <R> R call(String what, Supplier<R> transition) {
        return call(what, transition, () -> {});
    }

    private <R> R call(String what, Supplier<R> transition, Runnable meanwhile) {
        Supplier<R> noted = () -> {
            R result = transition.get();
            world.tell(node, what, () -> String.valueOf(result));
            return result;
        };
        return exchange(what, reply -> server.receive(noted, reply), meanwhile);
    }

    private <R> R exchange(String what, Consumer<Reply<R>> request, Runnable meanwhile) {
        Exchange<R> exchange = new Exchange<>();
        Weather.Fate fate = weather.fate();
        if (node.cut()) {
            fate = world.chance(0.5) ? Weather.Fate.REFUSED : Weather.Fate.LOST;
        }
        if (fate != Weather.Fate.WELL) {
            world.tell(node, what, fate::name);
            node.blame();
        }
        switch (fate) {
            case WELL -> world.in(weather.way(), () -> arrives(request, exchange, weather.way()));
            case ANSWERED_LATE -> world.in(weather.way(), () -> arrives(request, exchange, weather.lateness()));
            case REFUSED ->
                world.in(weather.way(), () -> exchange.fails(new StoreException(Kind.NOT_NOW, "refused", null)));
            case LOST -> breaks(exchange);
            case LATE -> {
                breaks(exchange);
                world.in(weather.lateness(), () -> request.accept(Reply.ignored()));
            }
            case UNANSWERED -> {
                world.in(weather.way(), () -> request.accept(Reply.ignored()));
                breaks(exchange);
            }
        }
        if (fate != Weather.Fate.REFUSED) {
            meanwhile.run();
        }
        return exchange.await();
    }

    private <R> void breaks(Exchange<R> exchange) {
        world.in(
                weather.patience(),
                () -> exchange.fails(new StoreException(Kind.UNKNOWN, "the connection broke", null)));
    }

    private <R> void arrives(Consumer<Reply<R>> request, Exchange<R> exchange, long back) {
        if (node.cut() || (node.crashed() && world.chance(0.5))) {
            breaks(exchange);
            return;
        }
        request.accept(new Reply<>() {
            @Override
            public void gives(R result) {
                returns(() -> exchange.gives(result));
            }

            @Override
            public void fails(StoreException failure) {
                returns(() -> exchange.fails(failure));
            }

            private void returns(Runnable answer) {
                if (node.cut()) {
                    breaks(exchange);
                } else {
                    world.in(back, answer);
                }
            }
        });
    }

    // ---- publishing

    @Override
    public PublishReply publish(Batch batch, Runnable meanwhile) {
        return call(
                "publishes",
                () -> {
                    PublishReply reply = server.store().publish(batch);
                    server.history().published(batch, reply);
                    return reply;
                },
                meanwhile);
    }

    @Override
    public QueueSettings settings(Address queue) {
        return call("reads", () -> server.store().settings(queue));
    }

    @Override
    public void retire(Address queue, String sender) {
        call("retires", () -> {
            server.store().retire(queue, sender);
            return sender;
        });
    }

    // ---- listening

    @Override
    public Opened open(Address queue, String session, Duration lease) {
        return call("opens", () -> server.store().open(queue, session, lease));
    }

    @Override
    public ClaimSource claims(List<Address> queues) {
        ClaimSource source = server.store().claims(queues);
        return new ClaimSource() {
            private boolean closed;

            @Override
            public List<Claimed> claim(String session, int max, Duration wait) {
                if (closed) {
                    throw new StoreException(Kind.NOT_NOW, "the connection was closed", null);
                }
                return exchange("claims", reply -> server.claim(node, source, session, max, wait, reply), () -> {});
            }

            @Override
            public boolean await(Duration wait) {
                if (closed) {
                    throw new StoreException(Kind.NOT_NOW, "the connection was closed", null);
                }
                return exchange("waits", reply -> server.await(node, source, wait, reply), () -> {});
            }

            @Override
            public void passOn() {
                call("passes on", () -> {
                    source.passOn();
                    return source;
                });
            }

            @Override
            public void wake() {
                if (!node.cut()) {
                    world.in(weather.way(), () -> server.wake(source));
                }
            }

            @Override
            public void close() {
                closed = true;
                wake();
            }
        };
    }

    @Override
    public SettleReply settle(SettleBatch batch) {
        SettleReply told = call("settles", () -> {
            SettleReply reply = server.store().settle(batch);
            server.history().settled(batch, reply);
            return reply;
        });
        server.history().told(batch, told);
        return told;
    }

    @Override
    public Sweep sweep(Address queue, String session, Duration lease, String cursor) {
        return call("sweeps", () -> server.store().sweep(queue, session, lease, cursor));
    }

    @Override
    public Takeover takeOver(Address queue, String session, TakeoverMode mode) {
        return call("takes over", () -> {
            Takeover step = server.store().takeOver(queue, session, mode);
            server.history().takenOver(session, mode, step);
            return step;
        });
    }

    @Override
    public Promotion promote(Address queue) {
        return call("promotes", () -> server.store().promote(queue));
    }

    @Override
    public Ear hints(List<Address> queues) {
        return call("listens", () -> server.listen(node, queues));
    }

    @Override
    public void close() {}
}
