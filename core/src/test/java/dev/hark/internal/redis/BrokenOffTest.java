package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.QueueSettings;
import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.QueueDriver;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** What is broken off, or written by hand, does not mislead what follows. */
class BrokenOffTest {

    @Test
    void aReplyThatNobodyReadIsNotTakenForTheNext() {
        try (RedisRig rig = new RedisRig(ServerOptions.defaults().binary(Binary.bundled()))) {
            Batch batch = new Batch(Address.of("a"), "sender", 1, "nonce", List.of(QueueDriver.message("x")));
            Error full = new OutOfMemoryError("as planned");
            assertThatThrownBy(() -> rig.store().publish(batch, () -> {
                        throw full;
                    }))
                    .isSameAs(full);

            Batch gap = new Batch(Address.of("b"), "sender", 7, "nonce", List.of(QueueDriver.message("y")));

            assertThat(rig.store().publish(gap)).isEqualTo(new PublishReply.Gap(0));
            assertThat(rig.store().publish(batch)).isInstanceOf(PublishReply.Accepted.class);
            assertThat(rig.store().info(Address.of("a")).published()).isEqualTo(1);
        }
    }

    @Test
    void aSettingThatIsNoneStopsNobodyAndCanBeSetRight() {
        try (RedisRig rig = new RedisRig(ServerOptions.defaults().binary(Binary.bundled()))) {
            rig.call(Command.HSET, rig.keys().config(Address.of("q")), "maxLength", "many", "overflow", "reject");
            rig.call(Command.HSET, rig.keys().config(Address.of("q")), "durability", "paper", "strict", "maybe");

            assertThat(rig.store().settings(Address.of("q"))).isEqualTo(QueueSettings.NONE);
            rig.store().configure(Address.of("q"), QueueSettings.NONE.maxLength(5), Owner.OPERATOR);
            assertThat(rig.store().settings(Address.of("q"))).isEqualTo(QueueSettings.NONE.maxLength(5));
        }
    }
}
