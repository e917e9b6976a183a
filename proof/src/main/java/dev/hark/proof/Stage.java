package dev.hark.proof;

import dev.hark.Hark;
import dev.hark.admin.DeadLetter;
import dev.hark.admin.QueueInfo;
import dev.hark.admin.Role;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.Proxy;
import dev.hark.error.HarkException;
import dev.hark.proof.Fault.Kind;
import dev.hark.proof.Verdict.Act;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Where a run takes place: one Redis, publishers and workers each behind a proxy of its own, and a journal of what is done
 * to them. Used by one thread.
 */
final class Stage implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int PAGE = 1_000;
    private static final int FEW = 5; // those may be large

    private final Login login;
    private final Setting setting;
    private final Path dir;
    private final List<Path> patches;
    private final List<Child> publishers = new ArrayList<>();
    private final List<Child> workers = new ArrayList<>();
    private final List<Proxy.Watch> repeatedPublishes = new ArrayList<>();
    private final List<Proxy.Watch> repeatedOutcomes = new ArrayList<>();
    private final Clock clock;
    private final Hostile hostile;
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
        clock = new Clock(login, setting.prefix());
        hostile = new Hostile(setting.prefix());
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

    /** Fills the heap of a worker, and frees it again. */
    void fillHeap(Child child, Duration lasting) throws InterruptedException {
        child.await("ready", 1); // one that finds no memory to start with ends, as it should
        long from = System.currentTimeMillis();
        int full = child.said("full");
        int free = child.said("free");
        child.say("fill " + lasting.toMillis());
        child.await("free", free + 1);
        if (child.said("full") > full) {
            note(Kind.HEAP_FULL, child.name(), from);
        }
    }

    /** Steps the clock that all scripts see. */
    void stepClock(Duration by) {
        long from = System.currentTimeMillis();
        clock.step(by);
        note(Kind.CLOCK_STEPPED, Fault.ALL, from);
    }

    /** Steps it while the reply that tells a publisher what became of a batch is lost; false if none came in time. */
    boolean stepClockUnderReply(Child publisher, Duration by) throws InterruptedException {
        long from = System.currentTimeMillis();
        Proxy.Held held = publisher.proxy().holdReply("accepted");
        boolean caught = held.caught().await(PATIENCE.toMillis() / 10, TimeUnit.MILLISECONDS);
        stepClock(by);
        if (caught) {
            publisher.proxy().cutAll();
            note(Kind.CONNECTIONS_CUT, publisher.name(), from);
        }
        held.released().countDown();
        return caught;
    }

    /** Steps it to where it has been at most, and a minute further, so that nothing is due an hour later. */
    void stepClockBeyond() {
        long from = System.currentTimeMillis();
        clock.beyond(Duration.ofMinutes(1));
        note(Kind.CLOCK_STEPPED, Fault.ALL, from);
    }

    /** Lets handlers compute without an end, and a publisher as well, and waits until they are over. */
    void endless(Child publisher, Wait meanwhile) throws InterruptedException {
        long from = System.currentTimeMillis();
        long computing = computing();
        publisher.say(Job.Kind.ENDLESS.word());
        await(() -> computing() >= computing + Job.CORES);
        meanwhile.await();
        TimeUnit.MILLISECONDS.sleep(from + Job.ENDLESS.toMillis() - System.currentTimeMillis());
        note(Kind.ENDLESS, Fault.ALL, from);
    }

    private long computing() {
        return workers.stream().mapToLong(child -> child.said("computes")).sum();
    }

    /** Publishes to each sister queue a message that wishes to be on a replica, which there is not. */
    void unreplicated(Child publisher) throws InterruptedException {
        long from = System.currentTimeMillis();
        String answered = "answered " + Job.Kind.REPLICATED.word();
        int before = publisher.said(answered);
        publisher.say(Job.Kind.REPLICATED.word());
        publisher.await(answered, before + 1);
        note(Kind.UNREPLICATED, Fault.ALL, from);
    }

    /** Adds entries as strangers might. */
    void addHostile() {
        long from = System.currentTimeMillis();
        try (Admin admin = new Admin(login.admin())) {
            hostile.addAll(admin);
        }
        note(Kind.HOSTILE, Fault.ALL, from);
    }

    /** Lets Redis close connections that are idle for a second, until it has closed one that was. */
    void closeIdle(Wait meanwhile) throws InterruptedException {
        long from = System.currentTimeMillis();
        try (Admin idle = new Admin(login.admin())) {
            timeout(1);
            try {
                meanwhile.await();
                if (idle.awaitClosed()) {
                    note(Kind.IDLE_CLOSED, Fault.ALL, from);
                }
            } finally {
                timeout(0);
            }
        }
    }

    private void timeout(int seconds) {
        try (Admin admin = new Admin(login.admin())) {
            admin.call("CONFIG", "SET", "timeout", seconds);
        }
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
                    long open = setting.queues().stream()
                            .map(name -> hark.inspector().queue(name).info())
                            .mapToLong(info -> info.waiting() + info.later() + info.active())
                            .sum();
                    if (open == hostile.parked().size()) {
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
        while (!holds(condition)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("it does not come to that: " + info());
            }
            Thread.sleep(POLL);
        }
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (HarkException e) {
            return false; // Redis is away, or busy, just now
        }
    }

    /** The figures of all queues in sum, but for that of strangers. */
    QueueInfo info() {
        try (Hark hark = connect()) {
            return info(hark);
        }
    }

    private QueueInfo info(Hark hark) {
        return setting.queues().stream()
                .filter(queue -> !queue.equals(Setting.HOSTILE))
                .map(name -> hark.inspector().queue(name).info())
                .reduce(QueueInfo::plus)
                .orElseThrow();
    }

    private Hark connect() {
        return Hark.builder()
                .url(login.as(Role.READER).toString())
                .prefix(setting.prefix())
                .build();
    }

    /** Reads all journals, and the queues, and checks them. */
    Verdict verdict() {
        return verdict(Map.of());
    }

    /** The same, and whether so much was done at least. */
    Verdict verdict(Map<Kind, Integer> planned) {
        History history = new History();
        faults.forEach(history::add);
        publishers.forEach(child -> history.add(child.name(), dir.resolve(child.name())));
        workers.forEach(child -> history.add(child.name(), dir.resolve(child.name())));
        try (Hark hark = connect()) {
            for (String queue : setting.queues()) {
                addDead(hark, queue, history);
            }
            QueueInfo info = info(hark);
            Strangers strangers = setting.sisters() == 0
                    ? null
                    : new Strangers(
                            hark.inspector().queue(Setting.HOSTILE).info(),
                            hostile.dying(),
                            hostile.parked(),
                            hostile.entries());
            return Checker.check(history, info, strangers, planned, acts(history, info));
        }
    }

    private static void addDead(Hark hark, String queue, History history) {
        String after = null;
        List<DeadLetter> page;
        do {
            page = hark.inspector().queue(queue).dead().list(queue.equals(Setting.HOSTILE) ? FEW : PAGE, after);
            for (DeadLetter letter : page) {
                String mark = Hostile.mark(letter.body());
                if (mark != null) {
                    history.addStrangersDead(mark);
                } else if (!queue.equals(Setting.HOSTILE) || Job.legible(letter.body())) {
                    history.addDead(Job.read(letter.body()).id(), letter.id());
                }
                after = letter.position();
            }
        } while (!page.isEmpty());
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
        add(acts, "clock of Redis stepped", count(Kind.CLOCK_STEPPED));
        add(acts, "heaps filled", count(Kind.HEAP_FULL));
        add(acts, "endless handlers", count(Kind.ENDLESS));
        add(acts, "replicas missed", count(Kind.UNREPLICATED));
        add(acts, "entries of strangers", hostile.entries());
        add(acts, "idle connections closed", count(Kind.IDLE_CLOSED));
        add(acts, "power lost", count(Kind.POWER_LOST));
        add(acts, "starved by the machine", history.faults().size() - faults.size());
        add(acts, "handlers timed out", history.events("timedout"));
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
