package dev.hark.proof;

import dev.hark.proof.Job.Kind;
import java.util.List;
import java.util.Random;

/**
 * What one publisher publishes.
 *
 * @param name what the ids of its jobs begin with
 * @param least how many it publishes also when told to stop before
 * @param most how many it publishes if it is not told to stop
 * @param chunk how many are under way at once
 * @param perSecond how many a second, at most
 * @param kind of all jobs, or a mix of those that a lively queue has
 * @param size how many bytes a body has beyond what it needs
 * @param sisterEvery of so many jobs one goes to a sister queue in turn, if it is plain and there are any
 */
record Load(
        String name,
        long seed,
        long least,
        long most,
        int chunk,
        int perSecond,
        String kind,
        int size,
        int sisterEvery) {

    static final String MIX = "mix";

    /** So many jobs of one kind, or of the mix, as fast as it goes. */
    static Load of(String name, long seed, long jobs, String kind) {
        return new Load(name, seed, jobs, jobs, (int) Math.min(jobs, 100), 1_000_000, kind, 0, 5);
    }

    Load perSecond(int rate) {
        return new Load(name, seed, least, most, Math.clamp(rate / 20, 1, 500), rate, kind, size, sisterEvery);
    }

    Load until(long atMost) {
        return new Load(name, seed, least, atMost, chunk, perSecond, kind, size, sisterEvery);
    }

    Load size(int bytes) {
        return new Load(name, seed, least, most, chunk, perSecond, kind, bytes, sisterEvery);
    }

    Load sisterEvery(int jobs) {
        return new Load(name, seed, least, most, chunk, perSecond, kind, size, jobs);
    }

    Job job(long n, Random random) {
        Kind one = kind.equals(MIX) ? mixed(random) : Kind.of(kind);
        long delay = random.nextInt(20) == 0 ? 1 + random.nextInt(1_500) : 0;
        return new Job(name + "-" + n, one, kind.equals(MIX) ? delay : 0, "x".repeat(size));
    }

    private static Kind mixed(Random random) {
        return switch (random.nextInt(1_000)) {
            case 0, 1, 2, 3 -> Kind.POISON;
            case 4, 5, 6, 7, 8, 9, 10, 11 -> Kind.UNLUCKY;
            case 12, 13 -> Kind.SLOW;
            case 14 -> Kind.HANG;
            default -> Kind.PLAIN;
        };
    }

    List<String> words() {
        return List.of(
                name,
                Long.toString(seed),
                Long.toString(least),
                Long.toString(most),
                Integer.toString(chunk),
                Integer.toString(perSecond),
                kind,
                Integer.toString(size),
                Integer.toString(sisterEvery));
    }

    static Load read(String[] args, int from) {
        return new Load(
                args[from],
                Long.parseLong(args[from + 1]),
                Long.parseLong(args[from + 2]),
                Long.parseLong(args[from + 3]),
                Integer.parseInt(args[from + 4]),
                Integer.parseInt(args[from + 5]),
                args[from + 6],
                Integer.parseInt(args[from + 7]),
                Integer.parseInt(args[from + 8]));
    }
}
