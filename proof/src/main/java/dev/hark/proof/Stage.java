package dev.hark.proof;

import dev.hark.DeadLetter;
import dev.hark.Hark;
import dev.hark.HarkException;
import dev.hark.QueueInfo;
import dev.hark.Role;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.Proxy;
import dev.hark.proof.Fault.Kind;
import dev.hark.proof.Verdict.Act;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * Where a run takes place: one Redis, publishers and workers each behind a proxy of its own, and a journal of what is done
 * to them. Used by one thread.
 */
final class Stage implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int PAGE = 1_000;

    private final Login login;
    private final Setting setting;
    private final Path dir;
    private final List<Path> patches;
    private final List<Child> publishers = new ArrayList<>();
    private final List<Child> workers = new ArrayList<>();
    private final List<Proxy.Watch> repeatedPublishes = new ArrayList<>();
    private final List<Proxy.Watch> repeatedOutcomes = new ArrayList<>();
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final Journal journal;

    /**
     * Prepares a run.
     *
     * @param dir where journals go
     * @param patches what stands before the class path of the children
     */
    Stage(Login login, Setting setting, Path dir, List<Path> patches) {
        this.login = login;
        this.setting = setting;
        this.dir = dir;
        this.patches = patches;
        journal = new Journal(dir.resolve("faults"));
    }

    // ---- processes

    Child publisher(Load load) {
        Child child = start(load.name(), Role.PUBLISHER, PublisherMain.class, load.words());
        repeatedPublishes.add(child.proxy().watchReplies("\nrepeated "));
        publishers.add(child);
        return child;
    }

    Child worker() {
        Child child = start("worker" + (workers.size() + 1), Role.WORKER, WorkerMain.class, List.of());
        repeatedOutcomes.add(child.proxy().watchReplies("\nrepeated\r"));
        workers.add(child);
        return child;
    }

    /** Behind a proxy, but for TLS: a proxy is not the host that the certificate names. */
    private Child start(String name, Role role, Class<?> main, List<String> more) {
        URI url = login.as(role);
        Proxy proxy = new Proxy(url.getHost(), Admin.port(url));
        String user = url.getRawUserInfo() == null ? "" : url.getRawUserInfo() + "@";
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        List<String> args = new ArrayList<>();
        args.add(Admin.secure(url) ? url.toString() : "redis://" + user + "127.0.0.1:" + proxy.port() + path);
        args.add(dir.resolve(name).toString());
        args.addAll(setting.words());
        args.addAll(more);
        return Child.start(name, main, patches, dir.resolve("stderr"), proxy, args);
    }

    /** Whether connections go through proxies, and can be hurt. */
    boolean proxied() {
        return !Admin.secure(login.as(Role.WORKER));
    }

    List<Child> workers() {
        return workers.stream().filter(Child::alive).toList();
    }

    /** Tells publishers that they have done enough, and waits for their end. */
    void stopPublishers() throws InterruptedException {
        publishers.forEach(publisher -> publisher.say("stop"));
        awaitPublishers();
    }

    void awaitPublishers() throws InterruptedException {
        for (Child publisher : publishers) {
            if (!publisher.ends(PATIENCE)) {
                throw new IllegalStateException(publisher.name() + " does not end");
            }
        }
    }

    /** Lets workers end by themselves. */
    void stopWorkers() throws InterruptedException {
        workers.forEach(worker -> worker.say("stop"));
        for (Child worker : workers) {
            if (!worker.ends(PATIENCE)) {
                worker.kill();
            }
        }
    }

    // ---- faults

    void kill(Child child) {
        long from = System.currentTimeMillis();
        child.kill();
        note(Kind.KILLED, child.name(), from);
    }

    /** Waits until a process has ended by itself. */
    void awaitCrash(Child child) throws InterruptedException {
        if (!child.ends(PATIENCE)) {
            throw new IllegalStateException(child.name() + " was to crash, and did not");
        }
        note(Kind.CRASHED, child.name(), System.currentTimeMillis());
    }

    void pause(Child child, Wait meanwhile) throws InterruptedException {
        long from = System.currentTimeMillis();
        child.pause();
        try {
            meanwhile.await();
        } finally {
            child.resume();
            note(Kind.PAUSED, child.name(), from);
        }
    }

    /** Holds all connections of a process half-open. */
    void cutOff(Child child, Wait meanwhile) throws InterruptedException {
        long from = System.currentTimeMillis();
        child.proxy().freeze();
        try {
            meanwhile.await();
        } finally {
            child.proxy().thaw();
            note(Kind.CUT_OFF, child.name(), from);
        }
    }

    /** Cuts all connections of a process, and the next one as well that tells what became of a batch. */
    void cutConnections(Child child) {
        long from = System.currentTimeMillis();
        child.proxy().cutAll();
        child.proxy().loseReplies(publishers.contains(child) ? "accepted" : "settled", 1);
        note(Kind.CONNECTIONS_CUT, child.name(), from);
    }

    /** Makes all that a process sends and gets late, and come byte by byte. */
    void slow(Child child, Duration by, Wait meanwhile) throws InterruptedException {
        long from = System.currentTimeMillis();
        child.proxy().delay(by);
        child.proxy().trickle(true);
        try {
            meanwhile.await();
        } finally {
            child.proxy().delay(Duration.ZERO);
            child.proxy().trickle(false);
            note(Kind.SLOWED, child.name(), from);
        }
    }

    /** Lets no reply reach anybody while something is done. */
    void freezeAll(Runnable meanwhile) {
        List<Child> all = new ArrayList<>(publishers);
        all.addAll(workers);
        all.forEach(child -> child.proxy().freeze());
        try {
            meanwhile.run();
        } finally {
            all.forEach(child -> child.proxy().cutAll());
            all.forEach(child -> child.proxy().thaw());
        }
    }

    void killRedis(DevServer server) {
        long from = System.currentTimeMillis();
        server.kill();
        server.restart();
        note(Kind.REDIS_KILLED, Fault.ALL, from);
    }

    void note(Kind kind, String target, long from) {
        Fault fault = new Fault(kind, target, from, System.currentTimeMillis());
        faults.add(fault);
        journal.write("fault", fault.kind().name(), target, fault.from(), fault.to());
    }

    /** What is done, or waited for, while a fault lasts. */
    interface Wait {
        void await() throws InterruptedException;
    }

    // ---- the end

    /** Waits until nothing is waiting, in flight or due later; false if that does not come in time. */
    boolean awaitDrained(Duration within) throws InterruptedException {
        return awaitDrained(within, () -> true);
    }

    /** The same, or until something is so no longer. */
    boolean awaitDrained(Duration within, BooleanSupplier meanwhile) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        try (Hark hark = connect()) {
            while (System.nanoTime() < deadline && meanwhile.getAsBoolean()) {
                try {
                    QueueInfo info = hark.inspector().queue(Setting.QUEUE);
                    if (info.waiting() + info.later() + info.active() == 0) {
                        return true;
                    }
                } catch (HarkException e) {
                    // Redis is away just now
                }
                Thread.sleep(POLL);
            }
        }
        return false;
    }

    /** Waits until something is so. */
    void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("it does not come to that: " + info());
            }
            Thread.sleep(POLL);
        }
    }

    QueueInfo info() {
        try (Hark hark = connect()) {
            return hark.inspector().queue(Setting.QUEUE);
        }
    }

    private Hark connect() {
        return Hark.builder()
                .url(login.as(Role.READER).toString())
                .prefix(setting.prefix())
                .build();
    }

    /** Reads all journals, and the queue, and checks them. */
    Verdict verdict() {
        History history = new History();
        faults.forEach(history::add);
        publishers.forEach(child -> history.add(child.name(), dir.resolve(child.name())));
        workers.forEach(child -> history.add(child.name(), dir.resolve(child.name())));
        try (Hark hark = connect()) {
            String after = null;
            List<DeadLetter> page;
            do {
                page = hark.inspector().dead(Setting.QUEUE, after, PAGE);
                for (DeadLetter letter : page) {
                    history.addDead(Job.read(letter.body()).id(), letter.id());
                    after = letter.position();
                }
            } while (!page.isEmpty());
            QueueInfo info = hark.inspector().queue(Setting.QUEUE);
            return Checker.check(history, info, acts(history, info));
        }
    }

    private List<Act> acts(History history, QueueInfo info) {
        List<Act> acts = new ArrayList<>();
        add(acts, "processes killed", count(Kind.KILLED));
        add(acts, "workers crashed", count(Kind.CRASHED));
        add(acts, "workers paused", count(Kind.PAUSED));
        add(acts, "held half-open", count(Kind.CUT_OFF));
        add(acts, "connections cut", cuts());
        add(acts, "slowed down", count(Kind.SLOWED));
        add(acts, "Redis killed", count(Kind.REDIS_KILLED));
        add(acts, "power lost", count(Kind.POWER_LOST));
        add(acts, "starved by the machine", history.faults().size() - faults.size());
        add(acts, "leases lapsed", history.events("lapsed"));
        add(acts, "messages taken over", info.recovered());
        add(acts, "late outcomes refused", info.refused());
        add(acts, "publishes answered again", seen(repeatedPublishes));
        add(acts, "outcomes answered again", seen(repeatedOutcomes));
        add(acts, "rollbacks noticed", history.events("rolledback"));
        return List.copyOf(acts);
    }

    private static void add(List<Act> acts, String what, long times) {
        if (times > 0) {
            acts.add(new Act(what, times));
        }
    }

    private long count(Kind kind) {
        return faults.stream().filter(fault -> fault.kind() == kind).count();
    }

    private long cuts() {
        return publishers.stream().mapToLong(child -> child.proxy().cuts()).sum()
                + workers.stream().mapToLong(child -> child.proxy().cuts()).sum();
    }

    private static long seen(List<Proxy.Watch> watches) {
        return watches.stream().mapToLong(watch -> watch.seen().get()).sum();
    }

    /** Ends all processes at once. */
    @Override
    public void close() {
        List<Child> all = new ArrayList<>(publishers);
        all.addAll(workers);
        all.forEach(Child::kill);
        all.forEach(child -> child.proxy().close());
        journal.close();
    }
}
