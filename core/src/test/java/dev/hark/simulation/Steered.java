package dev.hark.simulation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads that run when and where the test says. The JDK has them, but shows them to nobody: tests are run with
 * {@code --add-opens java.base/java.lang=ALL-UNNAMED}, and with {@code -Djdk.trackAllThreads=false}: else the JDK keeps all
 * that have not ended, as crashed ones never do, in a map with locks, on which one could wait for a real thread.
 */
final class Steered {

    private static final @Nullable MethodHandle MAKE = find();

    private Steered() {}

    private static @Nullable MethodHandle find() {
        try {
            Class<?> builders = Class.forName("java.lang.ThreadBuilders");
            return MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
                    .findStatic(
                            builders,
                            "newVirtualThread",
                            MethodType.methodType(
                                    Thread.class, Executor.class, String.class, int.class, Runnable.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Whether this JDK has them where they are expected. */
    static boolean available() {
        return MAKE != null;
    }

    /** A thread that has not started, and whose every stretch between two waits is given to {@code scheduler}. */
    static Thread thread(Executor scheduler, String name, Runnable task) {
        if (MAKE == null) {
            throw new IllegalStateException("this JDK has no virtual threads that a test can steer");
        }
        try {
            return (Thread) MAKE.invokeExact(scheduler, name, 0, task);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
