package dev.hark.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {

    @TempDir
    private Path dir;

    /** Output of what was left there may fail late, and an interrupt come just when the command has ended. */
    @Test
    void whatAnEndedCommandHasLeftStays() throws Exception {
        Path pid = dir.resolve("pid");
        Path alive = dir.resolve("alive");
        String left = "trap 'echo yes > " + alive + "; exit' TERM; echo $$ > " + pid + "; while :; do sleep 0.05; done";
        Message<byte[]> message = new Message<>("id", "mail", new byte[0], null, null, Map.of(), 1, Instant.EPOCH);
        Guard guard = new Guard();
        try (Parcel parcel = Parcel.of(message, dir)) {
            Process process = guard.start(
                    "sh -c \"" + left.replace("$", "\\$") + "\" & until [ -s " + pid + " ]; do sleep 0.05; done",
                    parcel);
            assertThat(process.waitFor()).isZero();

            guard.kill(process);
        }

        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(ProcessHandle::destroy);
        await().until(() -> Files.exists(alive));
    }
}
