package dev.hark.simulation;

import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.PublishStore;
import dev.hark.internal.engine.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Stores with one defence taken out: each must be found, or the simulation proves nothing. */
enum Flaw implements UnaryOperator<Store> {
    /** An outcome counts although the entry has been handed over. */
    NO_GATE_FOR_OUTCOMES {
        @Override
        Object flawed(Method method, Object result, Object[] arguments) {
            return result instanceof ListenStore.SettleReply reply
                    ? new ListenStore.SettleReply(0, List.of(), reply.repeated(), reply.nextDue())
                    : result;
        }
    },
    /** A batch that is sent again is taken again. */
    NO_NUMBERS_OF_PUBLISHERS {
        @Override
        Object[] passed(Method method, Object[] arguments) {
            if (method.getName().equals("publish") && arguments[0] instanceof PublishStore.Batch batch) {
                arguments[0] = new PublishStore.Batch(
                        batch.queue(),
                        "sender" + SENDERS.incrementAndGet(),
                        1,
                        batch.nonce(),
                        batch.messages(),
                        batch.settings());
            }
            return arguments;
        }
    },
    /** Nobody learns whose lease has lapsed. */
    NO_REAPING {
        @Override
        Object flawed(Method method, Object result, Object[] arguments) {
            return result instanceof ListenStore.Sweep sweep
                    ? new ListenStore.Sweep(
                            sweep.alive(), List.of(), sweep.held(), sweep.cursor(), sweep.nextDue(), false)
                    : result;
        }
    },
    /** Nobody learns what a lost reply has brought. */
    NO_LOOK_AT_WHAT_IS_PENDING {
        @Override
        Object flawed(Method method, Object result, Object[] arguments) {
            return result instanceof ListenStore.Sweep sweep
                    ? new ListenStore.Sweep(sweep.alive(), sweep.lapsed(), List.of(), "", sweep.nextDue(), false)
                    : result;
        }
    },
    /** A lease ends long before its time. */
    SHORT_LEASES {
        @Override
        Object[] passed(Method method, Object[] arguments) {
            if (method.getName().equals("sweep") && arguments[2] instanceof Duration lease) {
                arguments[2] = lease.dividedBy(4);
            }
            return arguments;
        }
    };

    private static final AtomicLong SENDERS = new AtomicLong();

    Object[] passed(Method method, Object[] arguments) {
        return arguments;
    }

    Object flawed(Method method, Object result, Object[] arguments) {
        return result;
    }

    @Override
    public Store apply(Store store) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    try {
                        return flawed(method, method.invoke(store, passed(method, arguments)), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
