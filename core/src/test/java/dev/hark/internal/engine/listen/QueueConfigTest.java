package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.Durability;
import dev.hark.QueueSettings;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ChannelStore;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Hint;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.QueueConfig;
import dev.hark.internal.engine.QueueConfigs;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.engine.StubStore;
import dev.hark.internal.engine.TestEnv;
import dev.hark.internal.engine.publish.Publishers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How often settings are read, and by whom. */
class QueueConfigTest {

    private final TestEnv testEnv = new TestEnv();
    private final Env env = testEnv.stepped(Runnable::run);
    private final Queue<ChannelStore.Heard<Address>> said = new ArrayDeque<>();
    private QueueSettings set = QueueSettings.NONE.maxLength(1);
    private int reads;
    private @Nullable Kind failure;
    private Runnable meanwhile = () -> {};

    private final Store store = new StubStore() {
        @Override
        public QueueSettings settings(Address queue) {
            reads++;
            QueueSettings read = set;
            meanwhile.run();
            if (failure != null) {
                throw new StoreException(failure, "as planned", null);
            }
            return read;
        }

        @Override
        public PublishReply publish(Batch batch, Runnable meanwhile) {
            return new PublishReply.Accepted(List.of(new Placed("1-1", Placed.How.READY)), false);
        }

        @Override
        public ChannelSource<Address> hints(List<Address> queues) {
            return new ChannelSource<>() {
                @Override
                public @Nullable Heard<Address> next() {
                    return said.poll();
                }

                @Override
                public void close() {}
            };
        }
    };

    private final QueueConfigs configs = new QueueConfigs(store, env);
    private final QueueConfig config = configs.of(Address.of("mail"));

    private static Publication message() {
        return new Publication(Publication.NOW, "", new byte[0]);
    }

    @Test
    void isReadOnceForAllWhoPublish() {
        Publishers publishers = new Publishers(Address.of("mail"), configs, store, env);

        publishers.of(null, false).publish(message(), true).join();
        publishers.of(null, true).publish(message(), true).join();
        publishers.of(Durability.MEMORY, false).publish(message(), true).join();
        publishers.of(null, false).publish(message(), true).join();

        assertThat(reads).isEqualTo(1);
    }

    @Test
    void isFreshForFiveSeconds() {
        config.fresh();
        set = set.maxLength(2);

        testEnv.pass(Duration.ofSeconds(5));
        assertThat(config.fresh().maxLength()).isEqualTo(1);
        testEnv.pass(Duration.ofMillis(1));
        assertThat(config.fresh().maxLength()).isEqualTo(2);
    }

    @Test
    void isReadAgainWhenItIsSaidToHaveChanged() {
        Hints hints = new Hints(List.of(Address.of("mail")), new Promoter(store, env), configs, store, env);
        hints.hear();
        config.fresh();
        set = set.maxLength(2);

        said.add(new ChannelStore.Heard<>(Address.of("mail"), Hint.DUE.bytes()));
        said.add(new ChannelStore.Heard<>(
                Address.of("mail"), "of a newer version".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        said.add(new ChannelStore.Heard<>(Address.of("other"), Hint.SETTINGS.bytes()));
        for (int i = 0; i < 4; i++) {
            hints.hear();
        }
        assertThat(config.fresh().maxLength()).isEqualTo(1);

        said.add(new ChannelStore.Heard<>(Address.of("mail"), Hint.SETTINGS.bytes()));
        hints.hear();
        assertThat(config.fresh().maxLength()).isEqualTo(2);
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void isReadAgainAfterAtimeInWhichNobodyHeard() {
        config.fresh();
        set = set.maxLength(2);

        new Hints(List.of(Address.of("mail")), new Promoter(store, env), configs, store, env).hear();

        assertThat(config.fresh().maxLength()).isEqualTo(2);
    }

    @Test
    void isReadAgainWhenItChangedWhileItWasRead() {
        meanwhile = () -> {
            set = set.maxLength(2);
            configs.stale(Address.of("mail"));
            meanwhile = () -> {};
        };

        assertThat(config.fresh().maxLength()).isEqualTo(1);
        assertThat(config.fresh().maxLength()).isEqualTo(2);
        assertThat(config.fresh().maxLength()).isEqualTo(2);
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void staysWhatItWasWhereItCannotBeRead() {
        failure = Kind.UNKNOWN;
        assertThatThrownBy(config::fresh)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_NOW));
        failure = null;
        config.fresh();
        config.stale();
        set = set.maxLength(2);

        failure = Kind.UNKNOWN;
        assertThat(config.fresh().maxLength()).isEqualTo(1);
        failure = null;
        assertThat(config.fresh().maxLength()).isEqualTo(2);
    }
}
