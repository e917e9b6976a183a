package dev.hark.internal.engine;

/**
 * Handlers that end the JVM, by {@link System#exit}. It returns to nobody, and waits for all shutdown hooks: if one of them
 * closes what runs the handler, each would wait for the other.
 */
public final class Exits {

    private static final String SHUTDOWN = "java.lang.Shutdown";

    private Exits() {}

    /** Whether a thread has called it, or waits to, since another has. */
    public static boolean isIn(Thread thread) {
        try {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getClassName().equals(SHUTDOWN)) {
                    return true;
                }
            }
        } catch (OutOfMemoryError e) {
            // whoever asks will ask again
        }
        return false;
    }
}
