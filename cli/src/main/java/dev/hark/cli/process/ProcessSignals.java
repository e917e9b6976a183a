package dev.hark.cli.process;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Signals of this process. A JVM that ends by them would return 143 or 130, also when everything was drained as asked; so
 * they only ask the command to stop, and the process ends when that does, with its exit code. A command that hears no
 * signals ends by them in the usual way. Signals that were ignored when the process started, by nohup for example, stay so.
 */
public final class ProcessSignals implements Signals {

    /** How long giving back may take. */
    private static final Duration HASTE = Duration.ofSeconds(5);

    private static final int KILLED = 128;

    private final AtomicInteger heard = new AtomicInteger();
    private volatile int killedBy; // 0 while nobody is in haste

    @Override
    public void stopping(Stop stop) {
        // A terminal that is closed may send more than one, and nobody sends it in haste.
        org.jline.utils.Signals.register("HUP", stop::request);
        org.jline.utils.Signals.register("INT", () -> hear(2, stop));
        org.jline.utils.Signals.register("TERM", () -> hear(15, stop));
    }

    private void hear(int signal, Stop stop) {
        switch (heard.incrementAndGet()) {
            case 1 -> stop.request();
            case 2 -> {
                killedBy = KILLED + signal;
                after(HASTE, () -> System.exit(killedBy));
                stop.hurry();
            }
            default -> Runtime.getRuntime().halt(KILLED + signal);
        }
    }

    @Override
    public void endIn(Duration time) {
        after(time, () -> Runtime.getRuntime().halt(ExitCode.FAILED));
    }

    private static void after(Duration time, Runnable end) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                // nobody does that
            }
            end.run();
        });
    }

    /** Ends the process. The last call of the main thread. */
    public void exit(int code) {
        System.exit(killedBy == 0 ? code : killedBy);
    }
}
