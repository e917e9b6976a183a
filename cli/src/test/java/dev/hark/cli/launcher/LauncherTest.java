package dev.hark.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(strings = {"sh", "bash"})
class LauncherTest {

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
    void becomesJava() {
        try (Run run = checkout.hark().exits(0)) {
            assertThat(run.out()).startsWith("pid " + run.pid() + "\n");
        }
    }

    @Test
    void passesSignalsOn() {
        Script.jdk(folder.resolve("jvm/jdk"), "25.0.1", """
                sleep 60 &
                trap 'kill $!; echo drained; exit 7' TERM
                echo ready
                wait
                """);
        try (Run run = checkout.hark().awaitOut("ready")) {
            run.terminate();

            assertThat(run.exits(7).out()).endsWith("drained\n");
        }
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

    @Test
    void saysWhatToInstallWhereThereIsNoJava() {
        checkout.set("HARK_JAVA_DIRS", "");

        try (Run run = checkout.hark().exits(2)) {
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).startsWith("hark: found no JDK").contains("Install one");
        }
    }

    @Test
    void worksThroughLinks() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("absolute"), checkout.resolve("hark"));
        Path linkOfLink = Files.createSymbolicLink(folder.resolve("relative"), link.getFileName());

        checkout.call(linkOfLink).exits(0).close();
    }

    @Test
    void keepsThingsInTheHomeFolder() {
        try (Run run = checkout.hark().exits(0)) {
            assertThat(run.out()).contains("[-Dhark.home=" + real(folder).resolve("home/.hark") + "]\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/dev/null/home"})
    void keepsThingsInTheCheckoutWithoutAHomeFolder(String home) {
        if (home.isEmpty()) {
            checkout.unset("HOME");
        } else {
            checkout.set("HOME", home);
        }

        try (Run run = checkout.hark().exits(0)) {
            assertThat(run.out()).contains("[-Dhark.home=" + checkout.resolve(".hark") + "]\n");
        }
        assertThat(checkout.builds())
                .containsExactly("-Dmaven.repo.local=" + checkout.resolve(".hark/m2/repository")
                        + " -B -q -ntp -Pquick -pl cli -am package");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX", "xx_XX.UTF-8"})
    void exportsAUtf8LocaleWhereNoneIsInForce(String locale) {
        checkout.set("LC_ALL", locale);

        try (Run run = checkout.hark().exits(0)) {
            assertThat(run.out()).containsPattern("\nLC_ALL (C|en_US)\\.UTF-8\n");
        }
    }

    @Test
    void leavesAUtf8LocaleAlone() {
        checkout.set("LC_CTYPE", System.getenv("LC_ALL"));

        try (Run run = checkout.hark().exits(0)) {
            assertThat(run.out()).contains("\nLC_ALL unset\n");
        }
    }

    @Test
    void argumentsArriveAsTheyWereTyped() throws IOException {
        checkout.hark().exits(0).close();
        checkout.set("JAVA_HOME", System.getProperty("java.home"));
        jar(checkout.resolve("cli/target/hark.jar"));

        try (Run run = checkout.hark("世界", "ñandú 🦉").exits(0)) {
            assertThat(run.out()).isEqualTo("世界\nñandú 🦉\n");
        }
    }

    /** Prints its arguments. */
    static final class Echo {

        private Echo() {}

        public static void main(String[] arguments) {
            for (String argument : arguments) {
                System.out.println(argument);
            }
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

    private static void jar(Path file) throws IOException {
        String main = Echo.class.getName().replace('.', '/') + ".class";
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Echo.class.getName());
        try (OutputStream stream = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(stream, manifest);
                var code = Echo.class.getResourceAsStream("/" + main)) {
            jar.putNextEntry(new JarEntry(main));
            code.transferTo(jar);
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
