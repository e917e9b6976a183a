package dev.hark.internal.redis.scripts;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static dev.hark.internal.engine.QueueDriver.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.Hark;
import dev.hark.QueueSettings;
import dev.hark.Redis;
import dev.hark.admin.Role;
import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ChannelStore;
import dev.hark.internal.engine.InspectStore;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Store;
import dev.hark.internal.redis.Monitor;
import dev.hark.internal.redis.Monitor.Seen;
import dev.hark.internal.redis.RedisRig;
import dev.hark.internal.redis.RedisStore;
import dev.hark.internal.redis.wire.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Protocol.Command;

/**
 * Each role is granted what it uses, and nothing else. Scripts are held to their heads by {@link ScriptHeadsTest}; here
 * are the scripts that a role runs, and the commands that are sent plainly.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AclTest {

    /** Hark works here, and the test itself elsewhere. */
    private static final int DATABASE = 1;

    private static final Set<String> WHEN_CONNECTING = Set.of("CLIENT|SETNAME", "SELECT");

    private RedisRig rig;

    @BeforeAll
    void start() {
        rig = new RedisRig(ServerOptions.defaults().binary(Binary.bundled()));
        for (Script script : Script.values()) {
            rig.call(Command.SCRIPT, "LOAD", script.source());
        }
    }

    @AfterAll
    void stop() {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatARolesConnectionsSendIsWhatItMay(Role role) {
        List<Seen> seen;
        rig.call(Command.FLUSHALL);
        rig.call(Command.SELECT, DATABASE);
        rig.call(Command.XADD, rig.keys().ready(Address.of("uncounted")), "*", "hark", "1", "body", "to be weighed");
        rig.call(Command.SELECT, 0);
        rig.call(Command.CONFIG, "RESETSTAT");
        try (Monitor monitor = new Monitor(rig.port())) {
            String url = rig.urlOf(role) + "/" + DATABASE;
            Hark.builder().url(url).prefix("test").build().close();
            try (RedisStore store = new RedisStore(Redis.of(url), "test")) {
                everything(role, store);
            }
            seen = monitor.seenUntilNow(rig);
        }

        Set<String> plain = seen.stream()
                .filter(call -> call.script() == null)
                .flatMap(call -> call.commands().stream()
                        .filter(command -> call.database() == DATABASE || WHEN_CONNECTING.contains(command)))
                .collect(Collectors.toCollection(TreeSet::new));
        if (Link.text(rig.call(Command.INFO, "commandstats")).contains("cmdstat_client|unblock:")) {
            plain.add("CLIENT|UNBLOCK"); // is not shown to a monitor
        }
        Set<String> granted =
                new TreeSet<>(Acl.plain(role).plus(Grants.read(Acl.CONNECTING)).each());
        assertThat(plain).containsExactlyInAnyOrderElementsOf(granted);
        Set<Script> run = seen.stream()
                .filter(call -> call.script() != null)
                .map(Seen::script)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Script.class)));
        if (Acl.scripts(role).contains(Script.SETTLE)) {
            run.add(Script.VERIFY); // comes before it where the server is another than it was
        }
        assertThat(run).isEqualTo(Acl.scripts(role));
    }

    private void everything(Role role, Store store) {
        switch (role) {
            case PUBLISHER -> publishing(store);
            case WORKER -> {
                publishing(store);
                listening(store);
            }
            case READER -> reading(store);
            case ADMIN -> {
                publishing(store);
                listening(store);
                reading(store);
                mending(store);
            }
        }
    }

    private static void publishing(Store store) {
        store.settings(Address.of("q"));
        store.configure(Address.of("q"), QueueSettings.NONE, Owner.CODE);
        Publication.Due soon = new Publication.Due.After(1);
        store.publish(new Batch(Address.of("q"), "sender", 1, "nonce", List.of(message("a"), message(soon, "b"))));
        store.retire(Address.of("q"), "sender");
    }

    private static void listening(Store store) {
        store.open(Address.of("q"), "s", LEASE);
        try (ChannelStore.ChannelSource<Address> wakes = store.hints(List.of(Address.of("q")))) {
            assertThat(wakes.next()).as("a sign of life, which was asked for").isNull();
        }
        await().until(() -> {
            store.promote(Address.of("q"));
            return store.sweep(Address.of("q"), "s", LEASE, "").nextDue().equals(NextDue.NONE);
        });
        for (List<Address> queues : List.of(List.of(Address.of("q")), List.of(Address.of("q"), Address.of("q")))) {
            try (ClaimSource source = store.claims(queues)) {
                for (Claimed claimed : source.claim("s", 1, Duration.ZERO)) {
                    store.settle(new SettleBatch(
                            Address.of("q"),
                            "s",
                            queues.size(),
                            List.of(new Settlement.Bury(claimed.entry(), "boom", true))));
                }
                source.wake();
            }
        }
        store.takeOver(Address.of("q"), "s", TakeoverMode.CLOSED);
        store.info(Address.of("q"));
    }

    private static void reading(Store store) {
        store.queues();
        store.settings(Address.of("q"));
        store.info(Address.of("q"));
        store.examine();
        store.examine(Address.of("uncounted"));
        store.dead(Address.of("q"), null, 10);
        store.findDead(Address.of("q"), "0-1");
    }

    private static void mending(Store store) {
        List<String> positions = store.dead(Address.of("q"), null, 10).stream()
                .map(InspectStore.Buried::position)
                .toList();
        assertThat(positions).hasSize(2);
        store.configure(Address.of("q"), QueueSettings.NONE.maxLength(0), Owner.OPERATOR);
        store.writeOff(Address.of("q"));
        store.revive(Address.of("q"), positions.subList(0, 1));
        store.discard(Address.of("q"), positions.subList(1, 2));
        store.drop(Address.of("q"));
    }

    @ParameterizedTest
    @EnumSource
    void nobodyIsGrantedWhatCanHurtOthers(Role role) {
        List<String> dangerous = new ArrayList<>(rig.texts(Command.ACL, "CAT", "dangerous"));
        dangerous.addAll(List.of("script", "function", "fcall", "monitor"));
        dangerous.removeAll(List.of("info", "role", "cluster", "client"));
        Set<String> granted = Stream.of(
                        Hark.aclLine(dev.hark.admin.AclUser.of(role)).split(" "))
                .filter(word -> word.startsWith("+"))
                .map(word -> word.substring(1).replaceFirst("\\W.*", ""))
                .collect(Collectors.toSet());

        assertThat(granted).contains("evalsha").doesNotContainAnyElementsOf(dangerous);
    }
}
