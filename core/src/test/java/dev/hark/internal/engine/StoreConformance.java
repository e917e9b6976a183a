package dev.hark.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Store} does, by the transition. Each test has queues of its own; after each, no message may be lost
 * or made up.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 15, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class StoreConformance
        implements PublishContract,
                LimitContract,
                ClaimContract,
                SettleContract,
                SweepContract,
                TakeoverContract,
                PromoteContract,
                ForeignContract,
                DeadLetterContract,
                ExamineContract,
                ChannelContract {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private StoreRig rig;
    private String name;
    private final List<QueueDriver> queues = new ArrayList<>();

    /** Makes the store that all tests of the class use. */
    protected abstract StoreRig start();

    @BeforeAll
    void makeStore() {
        rig = start();
    }

    @AfterAll
    void closeStore() {
        if (rig != null) {
            rig.close();
        }
    }

    @BeforeEach
    void nameTheQueue() {
        name = "q" + NUMBER.incrementAndGet();
        queues.clear();
        queue("");
    }

    @AfterEach
    void everyMessageIsAccountedFor() {
        queues.forEach(QueueDriver::assertConserved);
    }

    @Override
    public StoreRig rig() {
        return rig;
    }

    @Override
    public QueueDriver queue() {
        return queues.get(0);
    }

    @Override
    public QueueDriver queue(String suffix) {
        QueueDriver queue = new QueueDriver(rig, name + suffix);
        queues.add(queue);
        return queue;
    }
}
