package dev.hark.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** Reads Redis's own figures, and this process's, before and after a piece of work. */
final class Meter {

    /** A piece of work. */
    interface Work {
        void run() throws Exception;
    }

    private final Connection connection;
    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    Meter(Connection connection) {
        this.connection = connection;
    }

    /** Runs the work and says what it cost, per message where the field says so. */
    Cost measure(int messages, Set<String> sentCommands, Work work) throws Exception {
        Map<String, String> before = info();
        long clientBefore = process.getProcessCpuTime();
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        double clientMicros = (process.getProcessCpuTime() - clientBefore) / 1e3;
        Map<String, String> after = info();
        double redisMicros = 1e6
                * (difference(before, after, "used_cpu_user_main_thread")
                        + difference(before, after, "used_cpu_sys_main_thread"));
        double commands = sentCommands.stream()
                .mapToDouble(name -> calls(after, name) - calls(before, name))
                .sum();
        double bytes = difference(before, after, "total_net_input_bytes")
                + difference(before, after, "total_net_output_bytes");
        return new Cost(
                seconds,
                messages / seconds,
                redisMicros / messages,
                clientMicros / messages,
                commands / messages,
                bytes / messages);
    }

    long usedMemory() {
        return Long.parseLong(info().getOrDefault("used_memory", "0"));
    }

    private Map<String, String> info() {
        Map<String, String> values = new HashMap<>();
        byte[] text = (byte[]) connection.executeCommand(new CommandArguments(Command.INFO).add("everything"));
        new String(text, StandardCharsets.UTF_8).lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return values;
    }

    private static double difference(Map<String, String> before, Map<String, String> after, String name) {
        return Double.parseDouble(after.getOrDefault(name, "0")) - Double.parseDouble(before.getOrDefault(name, "0"));
    }

    private static double calls(Map<String, String> info, String command) {
        String stat = info.getOrDefault("cmdstat_" + command, "calls=0,");
        return Double.parseDouble(stat.substring("calls=".length(), stat.indexOf(',')));
    }
}
