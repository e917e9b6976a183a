package dev.hark.internal.engine.listen;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.ChannelStore.Heard;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Hint;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.Loop;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.QueueConfigs;
import dev.hark.internal.engine.StoreException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears what is said of queues, and passes it on to whom it concerns. */
final class Hints {

    private final List<Address> queues;
    private final Promoter promoter;
    private final QueueConfigs configs;
    private final ListenStore store;
    private final Loop hearing;
    private volatile @Nullable ChannelSource<Address> source;

    Hints(List<Address> queues, Promoter promoter, QueueConfigs configs, ListenStore store, Env env) {
        this.queues = queues;
        this.promoter = promoter;
        this.configs = configs;
        this.store = store;
        hearing = new Loop("hearing hints", ChannelSource.SILENCE, this::hear, env);
    }

    void start() {
        hearing.start();
    }

    Duration hear() {
        ChannelSource<Address> known = source;
        if (known == null) {
            source = known = store.hints(queues);
            if (hearing.stopped()) {
                known.close(); // stop() may have looked for it just before
                return Duration.ZERO;
            }
            for (Hint missed : Hint.values()) { // what was said before nobody heard
                queues.forEach(queue -> pass(missed, queue));
            }
            return Duration.ZERO;
        }
        try {
            Heard<Address> heard = known.next();
            Hint hint = heard == null ? null : Hint.read(heard.body());
            if (heard != null && hint != null) {
                pass(hint, heard.channel());
            }
            return Duration.ZERO;
        } catch (StoreException e) {
            source = null;
            known.close();
            throw e;
        }
    }

    private void pass(Hint hint, Address queue) {
        switch (hint) {
            case DUE -> promoter.dueIn(queue, new NextDue.In(0));
            case SETTINGS -> configs.stale(queue);
        }
    }

    Loop loop() {
        return hearing;
    }

    void stop() {
        hearing.stop();
        ChannelSource<Address> known = source;
        if (known != null) {
            known.close();
        }
    }

    void join(Duration limit) {
        hearing.join(limit);
    }
}
