package dev.hark.proof;

import java.time.Duration;
import java.util.List;

/** What all processes of a run have in common. */
record Setting(String prefix, Duration lease, int concurrency, int maxAttempts) {

    static final String QUEUE = "proof";

    List<String> words() {
        return List.of(
                prefix, Long.toString(lease.toMillis()), Integer.toString(concurrency), Integer.toString(maxAttempts));
    }

    static Setting read(String[] args, int from) {
        return new Setting(
                args[from],
                Duration.ofMillis(Long.parseLong(args[from + 1])),
                Integer.parseInt(args[from + 2]),
                Integer.parseInt(args[from + 3]));
    }
}
