package dev.hark.devserver;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A master with two replicas on 127.0.0.1, watched by three sentinels that replace the master when two of them find it
 * dead. Each is a {@link DevServer} that may be killed, paused and restarted by itself.
 *
 * <p>A server that was restarted has the role that it had when it ended: a killed master is a master again, and takes
 * writes, until the sentinels make it a replica some ten seconds later.
 *
 * <p>What waits here does so for a minute at most, and then throws {@link DevServerException} with what it waited for
 * and the last lines of the servers. It ends as its servers do: with this object, or with this JVM.
 */
public final class DevSentinels implements AutoCloseable {

    private static final String NAME = "hark";
    private static final Pattern PLAIN = Pattern.compile("[^\\s'\"]+");
    private static final int REPLICAS = 2;
    private static final int SENTINELS = 3;
    private static final int QUORUM = 2;

    private final Members members;
    private final ServerOptions options;

    /** The first master first. */
    private final List<DevServer> nodes = new ArrayList<>();

    private final List<DevServer> sentinels = new ArrayList<>();

    private DevSentinels(Members members, ServerOptions options) {
        this.members = members;
        this.options = options;
    }

    /** Starts them of any redis-server, with nothing kept. */
    public static DevSentinels start() {
        return start(ServerOptions.defaults());
    }

    /**
     * Starts them, and returns once all sentinels know each other and both replicas, which are in sync.
     *
     * @param options of master and replicas, without port, folder and master. The sentinels give the password, which has
     *     no spaces and quotes, and ask for none
     */
    public static DevSentinels start(ServerOptions options) {
        Members members = new Members();
        try {
            DevSentinels all = new DevSentinels(members, options);
            all.startNodes();
            all.startSentinels();
            all.awaitAgreement();
            return all;
        } catch (RuntimeException e) {
            members.closeAfter(e);
            throw e;
        }
    }

    private void startNodes() {
        DevServer master = members.start(options, ConfForm.FILE, Ports.random()::free);
        nodes.add(master);
        for (int i = 0; i < REPLICAS; i++) {
            nodes.add(members.startReplica(options, ConfForm.FILE, Ports.random()::free, master));
        }
        // Sentinels ask a master for its replicas at once, and then every ten seconds.
        nodes.stream().skip(1).forEach(replica -> replica.awaitInSyncWith(master));
    }

    private void startSentinels() {
        String master = "monitor " + NAME + " 127.0.0.1 " + nodes.getFirst().port() + " " + QUORUM;
        ServerOptions each = ServerOptions.defaults()
                .binary(options.binary())
                .with("sentinel", master)
                .with("sentinel", "down-after-milliseconds " + NAME + " 1000")
                .with("sentinel", "failover-timeout " + NAME + " 3000")
                .with("sentinel", "parallel-syncs " + NAME + " " + REPLICAS);
        Tls tls = options.tls();
        if (tls != null) {
            each = each.tls(tls.certificates(), tls.clientCertificateRequired());
        }
        String password = options.password();
        if (password != null) {
            if (!PLAIN.matcher(password).matches()) {
                // A sentinel writes it to its file without quotes, and could not read that again.
                throw new IllegalArgumentException("Sentinels only remember passwords without spaces and quotes");
            }
            each = each.with("sentinel", "auth-pass " + NAME + " " + password);
        }
        for (int i = 0; i < SENTINELS; i++) {
            sentinels.add(members.start(each, ConfForm.SENTINEL, Ports.random()::free));
        }
    }

    /**
     * All sentinels, with the password of the servers if there is one:
     * {@code redis-sentinel://127.0.0.1:PORT,127.0.0.1:PORT,127.0.0.1:PORT?master=NAME}; or
     * {@code rediss-sentinel://…} with TLS.
     */
    public String url() {
        return options.scheme() + "-sentinel://" + options.userInfo() + Members.addresses(sentinels) + "?master="
                + NAME;
    }

    /** The server that the first running sentinel names as master. */
    public DevServer master() {
        DevServer sentinel = sentinels.stream()
                .filter(DevServer::isRunning)
                .findFirst()
                .orElseThrow(() -> new DevServerException("No sentinel runs that could name the master"));
        int port = Watch.of(sentinel).masterPort();
        return nodes.stream()
                .filter(node -> node.port() == port)
                .findFirst()
                .orElseThrow(() -> new DevServerException(sentinel + " names a stranger as master: port " + port));
    }

    /** The two servers that are not master now, running or not. */
    public List<DevServer> replicas() {
        DevServer master = master();
        return nodes.stream().filter(node -> node != master).toList();
    }

    /** The three sentinels. */
    public List<DevServer> sentinels() {
        return List.copyOf(sentinels);
    }

    /**
     * Has the sentinels replace the master, though it is well, and waits until all agree and the others follow the new
     * one. The old master takes writes for some ten seconds more, which are lost.
     *
     * @return the new master
     */
    public DevServer failover() {
        DevServer old = master();
        DevServer sentinel = sentinels.getFirst();
        // Asked again and again: it is refused while the sentinel knows no replica to be fit, and while it is under
        // way, and the sentinel gives up when the replica is slow to become master.
        Await.until("a sentinel to replace the master on port " + old.port(), sentinels, () -> {
            if (Watch.of(sentinel).masterPort() != old.port()) {
                return true;
            }
            sentinel.ask("SENTINEL", "FAILOVER", NAME);
            return false;
        });
        awaitSuccessorOf(old);
        awaitAgreement();
        return master();
    }

    /**
     * Kills the master and waits until the sentinels have promoted another; then restarts the old one, and waits until it
     * follows the new one, as the other does.
     *
     * @return the new master
     */
    public DevServer killMaster() {
        DevServer old = master();
        old.kill();
        awaitSuccessorOf(old);
        old.restart();
        awaitAgreement();
        return master();
    }

    private void awaitSuccessorOf(DevServer old) {
        Await.until(
                "the sentinels to replace the master on port " + old.port(),
                sentinels,
                () -> sentinels.stream()
                        .map(Watch::of)
                        .allMatch(watch -> watch.ok() && watch.masterPort() != old.port()));
    }

    /** Waits until all sentinels name the same master, hold it for well and know all others, and both replicas follow. */
    public void awaitAgreement() {
        List<DevServer> all = new ArrayList<>(nodes);
        all.addAll(sentinels);
        Await.until("sentinels, master and replicas to agree", all, this::isAgreed);
        DevServer master = master();
        replicas().forEach(replica -> replica.awaitInSyncWith(master));
    }

    private boolean isAgreed() {
        int master = master().port();
        Watch wanted = new Watch(true, master, REPLICAS, SENTINELS);
        return sentinels.stream().map(Watch::of).allMatch(wanted::equals)
                && sentinels.stream()
                        .allMatch(each ->
                                each.ask("SENTINEL", "CKQUORUM", NAME).startsWith("OK " + SENTINELS + " usable"))
                && nodes.stream()
                                .map(Replication::of)
                                .filter(Replication::master)
                                .count()
                        == 1
                && replicas().stream().map(Replication::of).allMatch(replica -> replica.follows(master))
                && hasGoodReplicas(master());
    }

    /** With {@code min-replicas-to-write} a master refuses writes until it counts enough good replicas. */
    private static boolean hasGoodReplicas(DevServer master) {
        long good = Info.of(master, "replication").number("min_slaves_good_slaves");
        return good == -1 || good == REPLICAS;
    }

    /** Ends all servers. */
    @Override
    public void close() {
        members.close();
    }

    @Override
    public String toString() {
        return "DevSentinels[" + Members.addresses(sentinels) + " of " + Members.addresses(nodes) + "]";
    }
}
