package dev.hark.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What all processes of a run have in common.
 *
 * @param concurrency of the queue that most messages go to
 * @param sisters how many further queues share a few handlers; with any, there are also the endless and the hostile one
 */
record Setting(String prefix, Duration lease, int concurrency, int maxAttempts, int sisters) {

    /** Where most messages go: a listener of its own. */
    static final String QUEUE = "proof";

    /** Whose handlers do not end by themselves: a listener of its own, with a timeout. */
    static final String ENDLESS = "proof-endless";

    /** Where strangers add entries of all kinds, beside genuine messages: one of the sisters. */
    static final String HOSTILE = "proof-hostile";

    /** How many messages of all sisters a worker handles at once. */
    static final int FEW = 4;

    Setting(String prefix, Duration lease, int concurrency, int maxAttempts) {
        this(prefix, lease, concurrency, maxAttempts, 0);
    }

    Setting sisters(int count) {
        return new Setting(prefix, lease, concurrency, maxAttempts, count);
    }

    /** The queues that share few handlers. */
    List<String> sisterQueues() {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= sisters; i++) {
            names.add("proof-" + i);
        }
        if (sisters > 0) {
            names.add(HOSTILE);
        }
        return names;
    }

    /** All queues of the run. */
    List<String> queues() {
        List<String> names = new ArrayList<>(List.of(QUEUE));
        names.addAll(sisterQueues());
        if (sisters > 0) {
            names.add(ENDLESS);
        }
        return names;
    }

    /** How many words a process is told of it. */
    static final int WORDS = 5;

    List<String> words() {
        return List.of(
                prefix,
                Long.toString(lease.toMillis()),
                Integer.toString(concurrency),
                Integer.toString(maxAttempts),
                Integer.toString(sisters));
    }

    static Setting read(String[] args, int from) {
        return new Setting(
                args[from],
                Duration.ofMillis(Long.parseLong(args[from + 1])),
                Integer.parseInt(args[from + 2]),
                Integer.parseInt(args[from + 3]),
                Integer.parseInt(args[from + 4]));
    }
}
