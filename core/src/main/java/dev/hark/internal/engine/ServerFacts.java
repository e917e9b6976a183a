package dev.hark.internal.engine;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of one server that holds queues. What its user may not see is null, and named in {@code hidden}.
 *
 * @param server host and port, for messages
 * @param product {@code Redis} or {@code Valkey}
 * @param version three numbers with dots
 * @param clockAhead by how much its clock is ahead of this process's, below zero if it is behind
 * @param hidden the commands that its user may not call
 */
public record ServerFacts(
        String server,
        String product,
        String version,
        Memory memory,
        Disk disk,
        Replicas replicas,
        Duration clockAhead,
        @Nullable SlowLog slowLog,
        @Nullable OutputLimits outputLimits,
        List<String> hidden) {

    /** Whether it tells when it has synced what was written: WAITAOF is new in Redis 7.2, of which Valkey is a fork. */
    public boolean tellsOfSyncs() {
        return product.equals("Valkey") || !version.matches("([0-6]|7\\.[01])\\..*");
    }

    /**
     * In bytes.
     *
     * @param used now, as far as it counts towards the most
     * @param usedAtStart by a server that has started and holds nothing
     * @param most 0 for no limit
     * @param ofMachine how much its machine has, or 0 if it does not say
     * @param policy what is evicted beyond that: {@code noeviction}, {@code allkeys-…} or {@code volatile-…}
     * @param uptime since when it has been growing
     */
    public record Memory(long used, long usedAtStart, long most, long ofMachine, String policy, Duration uptime) {}

    /**
     * What is kept where power may fail.
     *
     * @param appendOnly whether each write goes into a file
     * @param fsync when that file is synced: {@code always}, {@code everysec}, {@code no}
     * @param appendFails whether the last write to that file failed
     * @param snapshots whether snapshots are taken now and then
     * @param snapshotFails whether the last snapshot failed
     * @param refusing whether writes are refused because of that
     * @param sinceSnapshot how old the last one is
     */
    public record Disk(
            boolean appendOnly,
            @Nullable String fsync,
            boolean appendFails,
            @Nullable Boolean snapshots,
            boolean snapshotFails,
            boolean refusing,
            Duration sinceSnapshot) {}

    /**
     * Who has the same data.
     *
     * @param connected how many
     * @param behind how many of them are not in sync, or have not been heard of for more than ten seconds
     * @param wanted how many must be there for the server to write; 0 for none, null if it does not say
     * @param good how many of these there are, or -1 if none is wanted
     */
    public record Replicas(
            int connected, int behind, @Nullable Integer wanted, int good) {}

    /**
     * Calls of the last day that took long.
     *
     * @param slow how many, as far as the server remembers
     * @param longest how long the longest took
     * @param command what that was, without arguments
     */
    public record SlowLog(int slow, Duration longest, String command) {}

    /**
     * How many bytes may wait for a client that does not read; beyond it is cut off. 0 for no limit.
     *
     * @param normal of those who publish and listen
     * @param pubSub of those who subscribe
     * @param cutOff how many have been cut off so far
     */
    public record OutputLimits(long normal, long pubSub, long cutOff) {}
}
