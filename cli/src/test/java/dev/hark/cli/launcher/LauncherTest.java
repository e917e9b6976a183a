package dev.hark.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
    void asProcess1ItWaitsForJavaAndTidiesUpAfterOthers() {
        assumeTrue(FakeCheckout.canContain());
        Script.jdk(folder.resolve("jvm/jdk"), "25.0.1", """
                trap 'echo drained; exit 7' TERM
                read -r line
                echo "read $line"
                orphan=$(sh -c 'sleep 0 >&2 & echo $!')
                while [ -d "/proc/$orphan" ]; do sleep 0.05; done
                echo "child of $PPID"
                while :; do sleep 0.05; done
                """);
        try (Run run = checkout.contained("")) {
            run.type("hi\n").awaitOut("read hi\nchild of 1\n").signalChild("TERM");

            assertThat(run.exits(7).out()).endsWith("drained\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "QUIT"})
    void asProcess1ItLetsJavaHearAllSignals(String signal) {
        assumeTrue(FakeCheckout.canContain() && FakeCheckout.canHearAll());
        Script.jdk(folder.resolve("jvm/jdk"), "25.0.1", "trap 'echo heard; exit 7' " + signal + "\n" + """
                echo ready
                while :; do sleep 0.05; done
                """);
        try (Run run = checkout.contained("")) {
            run.awaitOut("ready\n").signalChild(signal);

            assertThat(run.exits(7).out()).endsWith("heard\n");
        }
    }

    @Test
    void asProcess1ItEndsBySignalsAlsoBeforeThereIsJava() throws IOException {
        assumeTrue(FakeCheckout.canContain());
        checkout.hark().exits(0).close(); // nothing is built any more
        Path ready = folder.resolve("ready");
        Path go = folder.resolve("go");
        Script.write(
                folder.resolve("slow/locale"), ": >" + ready + "; while [ ! -e " + go + " ]; do sleep 0.05; done\n");
        checkout.set("PATH", folder.resolve("slow") + ":" + Script.tools());
        try (Run run = checkout.contained("")) {
            await().until(() -> Files.exists(ready));
            run.signalChild("TERM");
            Files.createFile(go);

            assertThat(run.exits(143).out()).isEmpty();
        }
    }

    @Test
    void asProcess1ItLeavesAClosedStdinClosed() {
        assumeTrue(FakeCheckout.canContain());
        Script.jdk(folder.resolve("jvm/jdk"), "25.0.1", "(: 3<&0) 2>/dev/null || echo closed\n");
        checkout.hark().exits(0).close();

        try (Run run = checkout.contained("<&-").exits(0)) {
            assertThat(run.out()).isEqualTo("closed\n");
            assertThat(run.err()).isEmpty();
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
