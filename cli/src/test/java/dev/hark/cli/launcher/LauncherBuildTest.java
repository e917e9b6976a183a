package dev.hark.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(strings = {"sh", "bash"})
class LauncherBuildTest {

    @Parameter
    private String shell;

    @TempDir
    private Path folder;

    private FakeCheckout checkout;

    @BeforeEach
    void checkOut() throws IOException {
        checkout = new FakeCheckout(shell, folder);
    }

    @Test
    void buildsAtTheFirstCallAndNotAtTheSecond() {
        try (Run first = checkout.hark("queues", "--json").exits(0);
                Run second = checkout.hark("a b", "*").exits(0)) {
            assertThat(first.err())
                    .isEqualTo(
                            "hark: building since there is no cli/target/hark.jar yet; the first time takes a minute\n");
            assertThat(first.out())
                    .endsWith("[-jar]\n[" + checkout.resolve("cli/target/hark.jar") + "]\n[queues]\n[--json]\n");
            assertThat(second.err()).isEmpty();
            assertThat(second.out()).endsWith("[a b]\n[*]\n");
        }
        assertThat(checkout.builds()).containsExactly("-B -q -ntp -Pquick -pl cli -am package");
        assertThat(checkout.lock()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "core/pom.xml", "core/src/main/Main.java"})
    void buildsAgainOnceASourceHasChanged(String source) throws IOException {
        checkout.hark().exits(0).close();
        checkout.edit(source);

        try (Run run = checkout.hark().exits(0)) {
            assertThat(run.err()).isEqualTo("hark: building since " + source + " has changed\n");
        }
        assertThat(checkout.builds()).hasSize(2);
    }

    @Test
    void doesNotBuildAgainForATest() throws IOException {
        checkout.hark().exits(0).close();
        checkout.edit("core/src/test/Test.java");

        checkout.hark().exits(0).close();

        assertThat(checkout.builds()).hasSize(1);
    }

    @Test
    void buildsAgainForWhatChangedDuringTheBuild() {
        checkout.maven("""
                until [ -n "$(find core/src/main/Main.java -newer .hark/build.lock/owner)" ]; do
                  touch core/src/main/Main.java
                done
                """);
        checkout.hark().exits(0).close();
        checkout.maven("");

        checkout.hark().exits(0).close();
        checkout.hark().exits(0).close();

        assertThat(checkout.builds()).hasSize(2);
    }

    @Test
    void showsWhatAFailedBuildSaidAndBuildsAgainTheNextTime() {
        checkout.maven("echo 'cannot find symbol'; exit 3");

        try (Run run = checkout.hark().exits(1)) {
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).endsWith("cannot find symbol\nhark: the build failed, for the reason above\n");
        }

        checkout.maven("");
        checkout.hark().exits(0).close();
        assertThat(checkout.builds()).hasSize(1);
    }

    @Test
    void twoFirstCallsBuildOnce() throws IOException {
        checkout.maven("cat gate");
        Path gate = gate();
        try (Run builder = checkout.hark("one").awaitErr("building");
                Run waiter = checkout.hark("two").awaitErr("waiting for another build")) {
            Files.writeString(gate, "open");

            assertThat(builder.exits(0).out()).endsWith("[one]\n");
            assertThat(waiter.exits(0).out()).endsWith("[two]\n");
        }
        assertThat(checkout.builds()).hasSize(1);
    }

    @Test
    void leavesTheOldJarToThoseWhoRunIt() throws IOException {
        checkout.hark().exits(0).close();
        Path held = Files.createLink(folder.resolve("held"), checkout.resolve("cli/target/hark.jar"));
        checkout.edit("pom.xml");
        checkout.hark().exits(0).close();

        assertThat(Files.isSameFile(held, checkout.resolve("cli/target/hark.jar")))
                .isFalse();
    }

    @Test
    void waitsForARunningBuildEvenIfTheJarIsThere() throws IOException {
        checkout.hark().exits(0).close();
        checkout.edit("pom.xml");
        checkout.maven("""
                touch -t 202601010000 pom.xml
                echo half >cli/target/hark.jar
                touch arrived
                cat gate
                """);
        Path gate = gate();
        try (Run builder = checkout.hark("one")) {
            await().until(() -> Files.exists(checkout.resolve("arrived")));
            try (Run waiter = checkout.hark("two").awaitErr("waiting for another build")) {
                Files.writeString(gate, "open");

                builder.exits(0);
                assertThat(waiter.exits(0).out()).endsWith("[two]\n");
            }
        }
    }

    @Test
    void removesTheLockOfABuilderThatIsGone() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.createDirectories(checkout.lock());
        Files.writeString(checkout.lock().resolve("owner"), gone.pid() + "\n");

        try (Run run = checkout.hark().exits(0)) {
            assertThat(run.err()).doesNotContain("waiting");
        }
        assertThat(checkout.builds()).hasSize(1);
        assertThat(checkout.lock()).doesNotExist();
    }

    @Test
    void endsItsBuildWhenItIsEnded() throws IOException {
        checkout.maven("echo $$ >maven; cat gate");
        gate();
        try (Run run = checkout.hark()) {
            await().until(() -> Files.exists(checkout.resolve("maven")));
            ProcessHandle maven = ProcessHandle.of(Long.parseLong(
                            await().until(() -> Files.readString(checkout.resolve("maven")), text -> !text.isEmpty())
                                    .strip()))
                    .orElseThrow();

            run.terminate();

            run.exits(130);
            await().until(() -> !maven.isAlive());
        }
        assertThat(checkout.lock()).doesNotExist();
        assertThat(checkout.builds()).isEmpty();
    }

    @Test
    void runsOnAJavaThatCannotCompileWhileNothingIsToBuild() throws IOException {
        checkout.hark().exits(0).close();
        Files.delete(folder.resolve("jvm/jdk/bin/javac"));

        checkout.hark().exits(0).close();
        checkout.edit("pom.xml");
        try (Run run = checkout.hark().exits(2)) {
            assertThat(run.err()).startsWith("hark: found no JDK");
        }
    }

    /** A pipe that whoever reads it waits at. */
    private Path gate() throws IOException {
        Path gate = checkout.resolve("gate");
        try {
            new ProcessBuilder("mkfifo", gate.toString()).start().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return gate;
    }
}
