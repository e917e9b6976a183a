package dev.hark.bench;

import dev.hark.Hark;
import dev.hark.ListenerBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What listeners cost Redis to which nobody publishes: commands that they send, one for each script, and a share of a
 * processor. Run by {@code Idle URL [processes [queues]]}, on a server of its own; ends with 1 if three
 * processes that listen to a thousand queues each send more than 1,500 commands a second, or take 5 % of a processor.
 */
public final class Idle {

    private static final double MOST_COMMANDS = 0.5; // a second, for each queue of a process
    private static final double MOST_CPU_PERCENT = 5 / 3_000.0; // the same

    private static final Duration SETTLE = Duration.ofSeconds(15);
    private static final Duration MEASURED = Duration.ofSeconds(30);

    private Idle() {}

    /** See the class. */
    public static void main(String[] args) throws Exception {
        if (args.length == 4) {
            listen(args[0], Integer.parseInt(args[2]));
            return;
        }
        int processes = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        int queues = args.length > 2 ? Integer.parseInt(args[2]) : 1_000;
        List<Process> listening = new ArrayList<>();
        try {
            for (int i = 0; i < processes; i++) {
                listening.add(start(args[0], processes, queues));
            }
            for (Process process : listening) {
                process.inputReader(StandardCharsets.UTF_8).readLine();
            }
            measure(args[0], processes, queues);
        } finally {
            listening.forEach(Process::destroyForcibly);
        }
    }

    private static void measure(String url, int processes, int queues) throws Exception {
        Thread.sleep(SETTLE);
        try (Server server = new Server(url)) {
            Cost cost = server.meter().measure(1, Set.of(), () -> Thread.sleep(MEASURED));
            double cpu = 100 * cost.redisMicros() / 1e6 / cost.seconds();
            double commands = server.sentCommands(MEASURED) / (double) MEASURED.toSeconds();
            System.out.printf(
                    "%d processes, %,d queues each: %,.0f commands a second, Redis at %.1f %% of a processor%n",
                    processes, queues, commands, cpu);
            double all = (double) processes * queues;
            if (commands > MOST_COMMANDS * all || cpu > MOST_CPU_PERCENT * all) {
                System.out.println("That is too much.");
                System.exit(1);
            }
        }
    }

    private static void listen(String url, int queues) throws InterruptedException {
        try (Hark hark = Hark.builder().url(url).prefix("hark-idle").build()) {
            ListenerBuilder builder = hark.listener();
            for (int i = 0; i < queues; i++) {
                builder.handle(hark.queue("idle-" + i, Order.class), order -> {});
            }
            builder.start();
            System.out.println("listening");
            Thread.sleep(Duration.ofHours(1));
        }
    }

    private static Process start(String url, int processes, int queues) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Idle.class.getName(),
                        url,
                        Integer.toString(processes),
                        Integer.toString(queues),
                        "listen")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
