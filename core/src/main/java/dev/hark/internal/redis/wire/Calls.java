package dev.hark.internal.redis.wire;

import dev.hark.internal.engine.Answer;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.redis.scripts.Reads;
import dev.hark.internal.redis.scripts.Script;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Short calls for one purpose: each on a connection to the server that holds the key it is about. */
public final class Calls implements AutoCloseable {

    /** How many redirections of a cluster one call follows: a slot may move more than once meanwhile. */
    private static final int MOST_HOPS = 5;

    private static final Answer<Ran> NOT_YET =
            new Answer.Failed<>(new StoreException(Kind.NOT_NOW, "it was not sent", null));

    private final Connections connections;
    private final Purpose purpose;
    private final LeaseLinks leases;

    public Calls(Connections connections, Purpose purpose) {
        this(connections, purpose, new LeaseLinks(connections));
    }

    private Calls(Connections connections, Purpose purpose, LeaseLinks leases) {
        this.connections = connections;
        this.purpose = purpose;
        this.leases = leases;
    }

    /** The same for another purpose; closed together. */
    public Calls with(Purpose other) {
        return new Calls(connections, other, leases);
    }

    /** Runs a script over a pooled connection. */
    public Object run(Script script, List<String> keys, List<?> args) {
        return on(keys.get(0), script.reads(), link -> link.run(script, keys, args));
    }

    /** Runs a script that returns several values. */
    public Reply ask(Script script, List<String> keys, List<?> args) {
        return new Reply(script, run(script, keys, args));
    }

    /** Sends a command over a pooled connection; a failure names the key. */
    @Nullable
    public Object call(String key, Command command, Object... args) {
        try {
            return on(key, Reads.only(command), link -> link.call(command, args));
        } catch (StoreException e) { // a plain command's error does not say which key it is about
            throw e.kind() == Kind.WRONG_TYPE || RedisErrors.is(e, "NOPERM")
                    ? new StoreException(e.kind(), "key " + key + ": " + e.getMessage(), e)
                    : e;
        }
    }

    /** Does something over one pooled connection; again over another, if the first server refuses since it is elsewhere. */
    public <R extends @Nullable Object> R on(String key, Function<Link, R> work) {
        return follow(key, route -> {
            try (Link link = connections.borrow(route, purpose)) {
                return work.apply(link);
            }
        });
    }

    /**
     * Does it once more where it only reads and its connection turns out to be closed: a server or a firewall may close those
     * that were idle, and the first failure lets go of all of them. What writes may have been done, and is left to who asks.
     */
    private <R extends @Nullable Object> R on(String key, boolean reads, Function<Link, R> work) {
        try {
            return on(key, work);
        } catch (StoreException e) {
            if (!reads || e.kind() != Kind.UNKNOWN || RedisErrors.timedOut(e)) {
                throw e;
            }
            return on(key, work);
        }
    }

    /** Runs scripts over pooled connections; see {@link #runAllForLease}. */
    public List<Answer<Ran>> runAll(List<Job> jobs) {
        return runAll(jobs, (route, work) -> {
            try (Link link = connections.borrow(route, purpose)) {
                return work.apply(link);
            }
        });
    }

    /**
     * Runs scripts over the connections that leases have to themselves, so that nothing else makes a heartbeat late, in a
     * pipeline for each server; an answer each, in their order. What a server refuses since it is elsewhere is asked for there.
     */
    public List<Answer<Ran>> runAllForLease(List<Job> jobs) {
        return runAll(jobs, leases::on);
    }

    /** What a script returned, and which run of which server it ran on. */
    public record Ran(Reply reply, String run) {}

    /** Does something over a connection to a server. */
    private interface Pipelining {
        List<Answer<Ran>> over(Route route, Function<Link, List<Answer<Ran>>> work);
    }

    private List<Answer<Ran>> runAll(List<Job> jobs, Pipelining pipelining) {
        List<Answer<Ran>> answers = new ArrayList<>(Collections.nCopies(jobs.size(), NOT_YET));
        Map<Route, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < jobs.size(); i++) {
            try {
                places.computeIfAbsent(connections.route(jobs.get(i).keys().get(0)), it -> new ArrayList<>())
                        .add(i);
            } catch (StoreException e) {
                answers.set(i, new Answer.Failed<>(e));
            }
        }
        places.forEach((route, at) -> {
            List<Answer<Ran>> got = pipeline(route, at.stream().map(jobs::get).toList(), pipelining);
            StoreException told = null;
            for (int i = 0; i < at.size(); i++) {
                Answer<Ran> answer = got.get(i);
                if (answer instanceof Answer.Failed<Ran>(StoreException e) && e != told) {
                    told = e; // what broke for many is looked into once
                    answer = again(jobs.get(at.get(i)), route, e, pipelining);
                }
                answers.set(at.get(i), answer);
            }
        });
        return answers;
    }

    /** Where it is by now, if that is what the failure says. */
    private Answer<Ran> again(Job job, Route tried, StoreException failure, Pipelining pipelining) {
        try {
            Route next = connections.next(tried, failure);
            return next == null
                    ? new Answer.Failed<>(failure)
                    : new Answer.Given<>(follow(
                            next,
                            2,
                            to -> pipeline(to, List.of(job), pipelining).get(0).get()));
        } catch (StoreException e) {
            return new Answer.Failed<>(e);
        }
    }

    private static List<Answer<Ran>> pipeline(Route route, List<Job> jobs, Pipelining pipelining) {
        try {
            return pipelining.over(route, link -> {
                String run = link.run();
                List<Answer<Object>> answers = link.runAll(jobs);
                return IntStream.range(0, jobs.size())
                        .mapToObj(i -> answers.get(i)
                                .map(value -> new Ran(new Reply(jobs.get(i).script(), value), run)))
                        .toList();
            });
        } catch (StoreException e) {
            return Collections.nCopies(jobs.size(), new Answer.Failed<>(e));
        }
    }

    private <R extends @Nullable Object> R follow(String key, Function<Route, R> work) {
        return follow(connections.route(key), 1, work);
    }

    private <R extends @Nullable Object> R follow(Route from, int hop, Function<Route, R> work) {
        Route route = from;
        for (int hops = hop; ; hops++) {
            try {
                return work.apply(route);
            } catch (StoreException e) {
                Route next = connections.next(route, e);
                if (next == null || hops == MOST_HOPS) {
                    throw e;
                }
                route = next;
            }
        }
    }

    @Override
    public void close() {
        leases.close();
    }
}
