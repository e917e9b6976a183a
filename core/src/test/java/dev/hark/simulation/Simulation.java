package dev.hark.simulation;

import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.Store;
import dev.hark.internal.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One run of a few nodes on one store: first all goes wrong that the seed says, then nothing more, until all is over and
 * closed. What must hold is in {@link History}.
 */
final class Simulation {

    static final Duration LEASE = Duration.ofSeconds(3);
    static final int MAX_ATTEMPTS = 4;
    static final long START_MILLIS = 1_700_000_000_000L;

    private static final List<Address> QUEUES = List.of(Address.of("bills"), Address.of("mail"));
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    /**
     * What came of a seed.
     *
     * @param trace the same if all happened in the same order
     * @param violations what must not have happened
     * @param happened what did, and how often
     */
    record Result(long seed, long trace, Set<String> violations, Map<String, Integer> happened) {}

    private enum Phase {
        TROUBLED,
        HEALED,
        CLOSING,
        OVER
    }

    private final long seed;
    private final World world;
    private final MemoryStore store;
    private final History history = new History(MAX_ATTEMPTS, this::blameless);
    private final Server server;
    private final Weather weather;
    private final double restlessness;
    private final List<Address> queues;
    private final Duration trouble;
    private final List<Program> programs = new ArrayList<>();
    private Phase phase = Phase.TROUBLED;

    private Simulation(long seed, UnaryOperator<Store> flaw, boolean told) {
        this.seed = seed;
        world = new World(seed, told);
        store = new MemoryStore(() -> START_MILLIS + world.now() / 1_000_000, world);
        server = new Server(world, flaw.apply(store), history);
        weather = new Weather(world, pick(0, 0, 0.01, 0.05, 0.15), pick(0, 0.02, 0.1));
        restlessness = pick(0, 0.1, 0.3);
        queues = QUEUES.subList(0, world.chance(0.2) ? 2 : 1);
        if (world.chance(0.1)) {
            Overflow overflow = world.chance(0.5) ? Overflow.REJECT : Overflow.BLOCK;
            store.configure(
                    queues.get(0),
                    QueueSettings.NONE.maxLength(1 + world.dice.nextInt(5)).overflow(overflow),
                    Owner.OPERATOR);
        }
        trouble = Duration.ofNanos(world.between(Duration.ofSeconds(2), Duration.ofSeconds(12)));
    }

    /**
     * Runs a seed.
     *
     * @param flaw what is wrong with the store
     * @param told whether to print what happens
     */
    static Result run(long seed, UnaryOperator<Store> flaw, boolean told) {
        return new Simulation(seed, flaw, told).run();
    }

    private double pick(double... values) {
        return values[world.dice.nextInt(values.length)];
    }

    private Result run() {
        int nodes = 2 + world.dice.nextInt(2);
        for (int i = 0; i < nodes; i++) {
            Program program = start();
            program.listen();
            if (i < 2) {
                program.publish(3 + world.dice.nextInt(8), trouble);
            }
        }
        for (int i = world.dice.nextInt(5); i > 0; i--) {
            world.in(world.between(Duration.ZERO, trouble), this::trouble);
        }
        world.in(trouble.toNanos(), this::heal);
        if (!world.runUntil(() -> phase == Phase.OVER)) {
            history.violated("it goes on and on, or nothing goes on at all, in phase " + phase);
        }
        return new Result(seed, world.trace(), history.violations(), history.happenings());
    }

    private Program start() {
        int number = programs.size();
        Node node = new Node(
                world, number, restlessness, history::event, e -> history.violated("a thread ended with " + e));
        Program program = new Program(world, node, new Network(world, node, server, weather), history, queues);
        programs.add(program);
        return program;
    }

    private boolean blameless(String session) {
        int number = Integer.parseInt(session.substring(1, session.indexOf('-')));
        return programs.get(number).node().blameless();
    }

    // ---- trouble

    private void trouble() {
        Program program = programs.get(world.dice.nextInt(programs.size()));
        Node node = program.node();
        Duration time = Duration.ofNanos(world.between(LEASE.dividedBy(10), LEASE.multipliedBy(2)));
        switch (world.dice.nextInt(6)) {
            case 0 -> {
                note(node, "pause of " + time);
                node.freeze();
                world.in(time.toNanos(), node::thaw);
            }
            case 1 -> {
                note(node, "crash");
                node.crash();
                server.disconnect(node);
                if (world.chance(0.7)) {
                    start().listen();
                }
            }
            case 2, 3 -> {
                Duration off = world.chance(0.1) ? Duration.ofSeconds(40) : time;
                note(node, "cut for " + off);
                node.cut(true);
                server.disconnect(node);
                world.in(off.toNanos(), () -> node.cut(false));
            }
            case 4 -> {
                note(node, "stall of the store for " + time);
                server.stall(time);
            }
            default -> {
                if (program.listens()) {
                    note(node, "close");
                    program.closeListener(Duration.ofMillis(world.dice.nextInt(2_000)));
                    if (world.chance(0.5)) {
                        program.listen();
                    }
                }
            }
        }
    }

    private void note(Node node, String what) {
        history.happened(what.split(" ")[0]);
        world.tell(node, "suffers", () -> what);
    }

    // ---- the end

    private void heal() {
        phase = Phase.HEALED;
        weather.clearsUp();
        programs.forEach(program -> program.node().thaw());
        start().listen();
        Duration quiet = Weather.LATEST.plus(LEASE.multipliedBy(2));
        world.in(quiet.toNanos(), this::look);
        world.in(PATIENCE.toNanos(), () -> {
            if (phase != Phase.OVER) {
                history.violated(
                        "it is not over after " + PATIENCE + ", in phase " + phase + ": " + infos() + ", threads "
                                + living().stream()
                                        .map(program -> program.node().threads())
                                        .toList());
                phase = Phase.OVER;
            }
        });
    }

    private void look() {
        switch (phase) {
            case HEALED -> {
                if (quiet()) {
                    phase = Phase.CLOSING;
                    living().forEach(program -> program.close(CLOSING));
                }
            }
            case CLOSING -> {
                if (living().stream()
                        .allMatch(program -> program.node().threads().isEmpty())) {
                    phase = Phase.OVER;
                    history.close(infos().toArray(QueueInfo[]::new));
                }
            }
            case TROUBLED, OVER -> {}
        }
        if (phase != Phase.OVER) {
            world.in(LOOK.toNanos(), this::look);
        }
    }

    private List<Program> living() {
        return programs.stream().filter(program -> !program.node().crashed()).toList();
    }

    private boolean quiet() {
        long listeners = living().stream().filter(Program::listens).count();
        return living().stream()
                        .noneMatch(program -> program.busy() || program.node().cut())
                && history.allOver()
                && infos().stream()
                        .allMatch(info ->
                                info.waiting() + info.active() + info.later() == 0 && info.sessions() == listeners);
    }

    private List<QueueInfo> infos() {
        return queues.stream().map(store::info).toList();
    }
}
