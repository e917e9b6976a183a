package dev.hark.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.ServerFacts.Disk;
import dev.hark.internal.engine.ServerFacts.Memory;
import dev.hark.internal.engine.ServerFacts.OutputLimits;
import dev.hark.internal.engine.ServerFacts.Replicas;
import dev.hark.internal.engine.ServerFacts.SlowLog;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule about servers: what it says, and that nothing else does. */
class ServerChecksTest {

    private static final long GIB = 1L << 30;
    private static final Duration MONTH = Duration.ofDays(30);

    /** A server with which nothing is wrong; a test changes one thing. */
    private static final class Given {
        String product = "Redis";
        String version = "8.10.1";
        Memory memory = memory(GIB / 100, GIB, "noeviction", MONTH);
        Disk disk = disk("always");
        Replicas replicas = new Replicas(1, 0, 1, 1);
        Duration clock = Duration.ofMillis(3);

        @Nullable
        SlowLog slowLog = new SlowLog(0, Duration.ZERO, "");

        @Nullable
        OutputLimits limits = new OutputLimits(0, 32 << 20, 0);

        List<String> hidden = List.of();

        List<Finding> findings() {
            return Checks.of(new ServerFacts(
                            "there:6379", product, version, memory, disk, replicas, clock, slowLog, limits, hidden))
                    .toList();
        }

        /** The one finding beside how full it is. */
        Finding finding() {
            List<Finding> beside = findings().stream()
                    .filter(finding -> !finding.id().equals("memory"))
                    .toList();
            assertThat(beside).hasSize(1);
            return beside.get(0);
        }

        Finding ofMemory() {
            assertThat(findings()).hasSize(1);
            return findings().get(0);
        }
    }

    private static Memory memory(long used, long most, String policy, Duration uptime) {
        return new Memory(used, 1 << 20, most, 2 * GIB, policy, uptime);
    }

    private static Disk disk(@Nullable String fsync) {
        return new Disk(true, fsync, false, true, false, false, Duration.ofMinutes(5));
    }

    private static void assertSays(Finding finding, String id, Severity severity, String... words) {
        assertThat(finding.id()).isEqualTo(id);
        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(finding.queue()).isNull();
        assertThat(finding.repairable()).isFalse();
        assertThat(finding.what()).contains("there:6379").contains(words);
        assertThat(finding.todo()).isNotBlank();
    }

    @Test
    void ofAServerWithWhichNothingIsWrongOnlyItsMemoryIsTold() {
        assertSays(new Given().ofMemory(), "memory", Severity.INFO, "(1 %)", "it is full in");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Redis  | 6.2.19 | CVE-2025-49844 CVE-2026-81934                | 6.2.24, 7.2.16, 7.4.11,",
                "Redis  | 7.0.15 | CVE-2025-49844 CVE-2026-81934                | 7.2.16, 7.4.11,",
                "Redis  | 7.2.10 | CVE-2025-49844 CVE-2026-23479 CVE-2026-81934 | 7.2.16, 7.4.11,",
                "Redis  | 7.2.13 | CVE-2026-23479 CVE-2026-81934                | 7.2.16, 7.4.11,",
                "Redis  | 7.4.10 | CVE-2026-81934                               | 7.4.11, 8.2.9,",
                "Redis  | 8.0.6  | CVE-2026-23479 CVE-2026-81934                | 8.2.9, 8.4.6,",
                "Redis  | 8.2.2  | CVE-2026-23479 CVE-2026-81934                | 8.2.9, 8.4.6,",
                "Redis  | 8.10.0 | CVE-2026-81934                               | 8.10.1, or what",
                "Valkey | 7.2.10 | CVE-2025-49844 CVE-2026-23479 CVE-2026-56684 | 7.2.14, 8.0.10, 8.1.9, 9.0.5, 9.1.1,",
                "Valkey | 8.1.7  | CVE-2026-56684                               | 8.1.9, 9.0.5, 9.1.1, or what",
                "Valkey | 9.1.0  | CVE-2026-56684                               | 9.1.1, or what"
            })
    void aVersionWithHolesIsNamedWithTheOneToUpdateTo(String product, String version, String holes, String fixed) {
        Given given = new Given();
        given.product = product;
        given.version = version;

        assertSays(given.finding(), "version", Severity.WARNING, version);
        assertThat(Pattern.compile("CVE-\\d+-\\d+")
                        .matcher(given.finding().what())
                        .results()
                        .map(MatchResult::group))
                .containsExactly(holes.split(" "));
        assertThat(given.finding().todo()).contains("Update to " + fixed);
        assertThat(given.finding().what().contains("published no fix"))
                .isEqualTo(version.startsWith("7.0.") || version.startsWith("8.0."));
    }

    @ParameterizedTest
    @CsvSource({
        "Redis,6.2.24",
        "Redis,7.2.16",
        "Redis,7.4.12",
        "Redis,8.8.2",
        "Redis,8.12.0",
        "Valkey,7.2.14",
        "Valkey,8.1.9",
        "Valkey,9.2.0",
        "Redis,unknown",
        "Redis,8.10.1-rc1"
    })
    void aVersionWithoutIsNot(String product, String version) {
        Given given = new Given();
        given.product = product;
        given.version = version;

        given.ofMemory();
    }

    @ParameterizedTest
    @CsvSource({"allkeys-lru,ERROR", "allkeys-random,ERROR", "volatile-ttl,WARNING"})
    void evictionIsToldByWhatItCosts(String policy, Severity severity) {
        Given given = new Given();
        given.memory = memory(GIB / 100, GIB, policy, MONTH);

        assertSays(given.finding(), "eviction", severity, policy);
        assertThat(given.finding().todo()).contains("noeviction");
    }

    @Test
    void aServerWithoutALimitIsWarnedOf() {
        Given given = new Given();
        given.memory = memory(GIB, 0, "noeviction", MONTH);

        assertSays(
                given.ofMemory(),
                "memory",
                Severity.WARNING,
                "1.0 GiB",
                "no maxmemory",
                "its machine has 2.0 GiB",
                "full in 30 days");
    }

    @Test
    void oneThatIsNearlyFullIsWarnedOf() {
        Given given = new Given();
        given.memory = memory(GIB * 81 / 100, GIB, "noeviction", Duration.ofDays(1_000));

        assertSays(given.ofMemory(), "memory", Severity.WARNING, "(81 %)", "publishing is refused");
    }

    @Test
    void oneThatWillSoonBeFullIsWarnedOf() {
        Given given = new Given();
        given.memory = memory(GIB / 2, GIB, "noeviction", Duration.ofDays(4));

        assertSays(given.ofMemory(), "memory", Severity.WARNING, "since its start 4 days ago", "full in 4 days");
    }

    @Test
    void aServerThatHasLoadedALittleAndRunsForShortIsNotSoonFull() {
        Given given = new Given();
        given.memory = memory(GIB * 2 / 5, GIB, "noeviction", Duration.ofHours(2));

        assertSays(given.ofMemory(), "memory", Severity.INFO, "full in", "later, if it has loaded some");
    }

    @Test
    void oneThatHasJustStartedSaysNothingOfItsDays() {
        Given given = new Given();
        given.memory = memory(GIB / 2, GIB, "noeviction", Duration.ofMinutes(5));

        assertSays(given.ofMemory(), "memory", Severity.INFO, "too short to say");
    }

    @Test
    void whatALossOfPowerTakesIsSaid() {
        Given given = new Given();
        given.disk = disk("everysec");
        assertSays(given.finding(), "persistence", Severity.INFO, "two seconds");
        given.disk = disk("no");
        assertSays(given.finding(), "persistence", Severity.WARNING, "appendfsync no");
        given.disk = disk(null);
        assertSays(given.finding(), "persistence", Severity.INFO, "cannot be seen");
        given.disk = new Disk(false, "everysec", false, false, false, false, Duration.ofDays(3));
        assertSays(given.finding(), "persistence", Severity.WARNING, "all messages are lost");
        given.disk = new Disk(false, "everysec", false, true, false, false, Duration.ofMinutes(7));
        assertSays(given.finding(), "persistence", Severity.WARNING, "7 minutes");
        given.disk = new Disk(false, null, false, null, false, false, Duration.ofMinutes(7));
        assertSays(given.finding(), "persistence", Severity.WARNING, "cannot be seen");
        given.disk = new Disk(false, "no", false, true, true, false, Duration.ofMinutes(7));
        assertSays(given.finding(), "persistence", Severity.WARNING, "snapshot");
    }

    @Test
    void aServerThatRefusesChangesBreaksPromises() {
        Given given = new Given();
        given.disk = new Disk(true, "always", true, true, false, true, Duration.ZERO);
        assertThat(given.findings()).extracting(Finding::id).contains("refusing-writes", "persistence");
        given.disk = disk("always");
        given.replicas = new Replicas(1, 0, 2, 1);
        assertSays(given.finding(), "refusing-writes", Severity.ERROR, "2 replicas", "has 1");
        given.replicas = new Replicas(1, 0, null, 0);
        assertSays(given.finding(), "refusing-writes", Severity.ERROR, "has 0");
    }

    @Test
    void replicasAreTold() {
        Given given = new Given();
        given.replicas = new Replicas(0, 0, 0, -1);
        assertSays(given.finding(), "replicas", Severity.INFO, "no replica");
        given.replicas = new Replicas(2, 1, 1, 1);
        assertSays(given.finding(), "replicas", Severity.WARNING, "1 of them not in sync");
        given.replicas = new Replicas(2, 0, 0, -1);
        assertSays(given.finding(), "min-replicas", Severity.WARNING, "min-replicas-to-write is 0");
    }

    @Test
    void slowCallsAreTold() {
        Given given = new Given();
        given.slowLog = new SlowLog(3, Duration.ofMillis(20), "KEYS");
        assertSays(given.finding(), "slow-log", Severity.INFO, "3 slow calls", "20 ms: KEYS");
        given.slowLog = new SlowLog(3, Duration.ofMillis(100), "KEYS");
        assertSays(given.finding(), "slow-log", Severity.WARNING, "100 ms");
    }

    @Test
    void limitsOfClientsAreTold() {
        Given given = new Given();
        given.limits = new OutputLimits(1 << 20, 32 << 20, 0);
        assertSays(given.finding(), "output-limits", Severity.WARNING, "1.0 MiB", "normal");
        given.limits = new OutputLimits(0, 0, 0);
        assertSays(given.finding(), "output-limits", Severity.WARNING, "pubsub 0");
        given.limits = new OutputLimits(0, 32 << 20, 2);
        assertSays(given.finding(), "output-limits", Severity.INFO, "2 clients");
    }

    @Test
    void aClockThatIsOffIsOnlyTold() {
        Given given = new Given();
        given.clock = Duration.ofHours(3);
        assertSays(given.finding(), "clock", Severity.INFO, "3 hours ahead");
        given.clock = Duration.ofMinutes(-5);
        assertSays(given.finding(), "clock", Severity.INFO, "5 minutes behind");
    }

    @Test
    void whatCannotBeSeenIsSaid() {
        Given given = new Given();
        given.slowLog = null;
        given.limits = null;
        given.hidden = List.of("CONFIG GET", "SLOWLOG GET");

        assertSays(given.finding(), "hidden", Severity.INFO, "CONFIG GET, SLOWLOG GET");
    }
}
