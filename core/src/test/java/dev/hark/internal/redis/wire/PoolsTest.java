package dev.hark.internal.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.Redis;
import dev.hark.event.Event;
import dev.hark.testing.Events;
import dev.hark.testing.Server;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Protocol.Command;

/** Connections by purpose. */
class PoolsTest {

    @RegisterExtension
    static final Server redis = new Server();

    private final Events events = new Events();
    private final Connections connections = new Connections(Redis.of(redis.url()), events::on);
    private final Calls calls = new Calls(connections, Purpose.LOOKING);

    @AfterEach
    void close() {
        calls.close();
        connections.close();
    }

    private List<Link> borrowAll(Purpose purpose) {
        List<Link> all = new ArrayList<>();
        for (int i = 0; i < purpose.most(); i++) {
            all.add(connections.borrow(connections.route("hark:{any}:config"), purpose));
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void whatUsesUpAllOfOnePurposeLeavesTheOthersTheirs(Purpose used) {
        List<Link> all = borrowAll(used);

        for (Purpose other : Purpose.values()) {
            if (other != used) {
                assertThat(Link.list(
                                calls.with(other).call("hark:{any}:config", Command.HMGET, "hark:{any}:config", "any")))
                        .hasSize(1);
            }
        }

        assertThat(events.of(Event.PoolExhausted.class)).isEmpty();
        all.forEach(Link::close);
    }

    @Test
    void thatAllAreInUseIsToldOnceUntilItIsOver() {
        Purpose purpose = Purpose.CHANNELS;
        Calls channels = calls.with(purpose);
        for (int round = 1; round <= 2; round++) {
            List<Link> all = borrowAll(purpose);

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> channels.call("hark:{any}:config", Command.HMGET, "hark:{any}:config", "any"))
                        .hasMessageContaining("all 8 connections for publishing to channels have been in use for 5 s");
            }

            assertThat(events.of(Event.PoolExhausted.class))
                    .hasSize(round)
                    .last()
                    .isEqualTo(new Event.PoolExhausted(
                            connections.shown(
                                    connections.route("hark:{any}:config").node()),
                            "publishing to channels",
                            8));
            all.forEach(Link::close);
            assertThat(Link.list(channels.call("hark:{any}:config", Command.HMGET, "hark:{any}:config", "any")))
                    .hasSize(1);
        }
    }
}
