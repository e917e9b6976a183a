package dev.hark.cli.demo;

/** The bodies of the demo's messages, after the uses that people have for queues. */
sealed interface DemoJob {

    /** Which message of the demo it is, from 0. */
    int n();

    record Mail(int n, String to, String subject) implements DemoJob {}

    record Report(int n, String title, int pages) implements DemoJob {}

    record Archive(int n, String file, long bytes) implements DemoJob {}

    /** The n-th message: seven of ten are mail, one is a report, two are files to archive. */
    static DemoJob of(int n) {
        return switch (n % 10) {
            case 0 -> new Report(n, "Sales of week " + n % 52, 1 + n % 5);
            case 1, 2 -> new Archive(n, "photo-" + n + ".jpg", 100_000L + n);
            default -> new Mail(n, "user" + n + "@example.org", "Welcome");
        };
    }

    /** Whether it never succeeds; five do not, of each queue at least one. */
    default boolean isPoison() {
        return n() < 5;
    }

    /** Whether it fails the first time; one of each hundred does, over all queues. */
    default boolean isUnlucky() {
        return n() % 100 == 90 + n() / 100 % 10;
    }
}
