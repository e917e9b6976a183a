package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.hark.testing.Server;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is left when all is closed: no thread, no connection, and no key that grows. */
class LeftoversTest {

    private static final Pattern NAME = Pattern.compile("\"name\": \"(hark[^\"]*)\"");

    @RegisterExtension
    static final Server redis = new Server();

    @TempDir
    Path dir;

    @Test
    void nothingIsLeftOfAharkThatWasClosed() throws Exception {
        Hark hark = Hark.connect(redis.url());
        MessageQueue<String> mail = hark.queue("mail", String.class);
        MessageQueue<String> more = hark.queue("more", String.class);
        hark.listener().handle(mail, body -> {}).handle(more, body -> {}).start();
        hark.listener().handle(more, body -> {}).start();
        hark.channel("news", String.class).subscribe(body -> {});
        hark.channels("news.*", String.class, (channel, body) -> {});
        mail.publishAll(OnBothStores.bodies(500));
        mail.publish("later", Publish.after(Duration.ofMillis(50)));
        more.publish("x");
        OnBothStores.patiently().until(() -> hark.inspector().queue("mail").done() == 501);
        OnBothStores.patiently().until(() -> hark.inspector().queue("more").done() == 1);
        assertThat(threads()).anyMatch(name -> name.equals("hark keeping leases"));
        assertThat(redis.stranger().others()).isPositive();

        hark.close();

        OnBothStores.patiently().untilAsserted(() -> assertThat(threads()).isEmpty());
        OnBothStores.patiently().until(() -> redis.stranger().others() == 0);
        assertThat(redis.stranger().keys())
                .containsExactlyInAnyOrder(
                        "hark:queues",
                        "hark:{mail}:ready",
                        "hark:{mail}:stats",
                        "hark:{more}:ready",
                        "hark:{more}:stats");
        assertThat(redis.stranger().list("XINFO", "CONSUMERS", "hark:{mail}:ready", "hark"))
                .isEmpty();
    }

    @Test
    void listenersThatComeAndGoLeaveNothingBehind() throws Exception {
        try (Hark hark = Hark.connect(redis.url())) {
            MessageQueue<String> mail = hark.queue("mail", String.class);
            hark.listener().handle(mail, body -> {}).start().close();
            long before = redis.stranger().others();
            List<String> keys = redis.stranger().keys();

            for (int i = 0; i < 20; i++) {
                hark.listener().handle(mail, body -> {}).start().close();
                hark.channel("news", String.class).subscribe(body -> {}).close();
            }

            OnBothStores.patiently().untilAsserted(() -> assertThat(threads()).isEmpty());
            OnBothStores.patiently().until(() -> redis.stranger().others() <= before);
            assertThat(redis.stranger().keys()).isEqualTo(keys);
        }
    }

    @Test
    void nothingIsLeftInMemoryEither() throws Exception {
        Hark hark = Hark.inMemory();
        MessageQueue<String> mail = hark.queue("mail", String.class);
        hark.listener().handle(mail, body -> {}).start();
        hark.channel("news", String.class).subscribe(body -> {});
        mail.publish("hi");

        hark.close();

        OnBothStores.patiently().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    /** The names of Hark's threads, virtual ones too. */
    private List<String> threads() throws IOException {
        Path dump = Files.createTempFile(dir, "threads", ".json");
        Files.delete(dump);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), ThreadDumpFormat.JSON);
        return NAME.matcher(Files.readString(dump))
                .results()
                .map(name -> name.group(1))
                .toList();
    }
}
