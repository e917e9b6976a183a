package dev.hark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages say is what is there: the Java in the READMEs is a region of {@link HelloQueue}, which the build runs. */
class PagesTest {

    private static final Path ROOT = Path.of("..");
    private static final Path SOURCE = Path.of("src/main/java/dev/hark/examples/HelloQueue.java");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md"})
    void theJavaExampleIsTheOneThatIsCompiled(String readme) throws IOException {
        assertThat(blocks(ROOT.resolve(readme), "java")).containsExactly(region());
    }

    @Test
    void bothLanguagesShowTheSameCommands() throws IOException {
        assertThat(commands(ROOT.resolve("README.zh-CN.md"))).isEqualTo(commands(ROOT.resolve("README.md")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish.py", "subscribe.py", "enqueue.py"})
    void thePythonExamplesExist(String script) throws IOException {
        for (String readme : List.of("README.md", "README.zh-CN.md")) {
            assertThat(Files.readString(ROOT.resolve(readme))).contains("examples/python/" + script);
        }
        assertThat(Path.of("python", script)).exists();
    }

    @Test
    void theTestsNamedInFailuresExist() throws IOException {
        Set<String> tests;
        try (Stream<Path> files = Files.walk(ROOT)) {
            tests = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .collect(Collectors.toSet());
        }
        Set<String> named = Pattern.compile("`([A-Z]\\w+(?:Test|Contract))`")
                .matcher(Files.readString(ROOT.resolve("docs/failures.md")))
                .results()
                .map(match -> match.group(1) + ".java")
                .collect(Collectors.toSet());

        assertThat(named).isNotEmpty();
        assertThat(tests).containsAll(named);
    }

    @Test
    void everySettingIsInTheProtocol() throws IOException {
        String protocol = Files.readString(ROOT.resolve("docs/protocol.md"));

        assertThat(Setting.ALL).allSatisfy(setting -> assertThat(protocol).contains("\n| `" + setting.name() + "` | "));
    }

    private static String region() throws IOException {
        String source = Files.readString(SOURCE);
        int from = source.indexOf("// snippet:start\n") + "// snippet:start\n".length();
        int to = source.indexOf("\n    // snippet:end");
        return source.substring(from, to).stripIndent() + "\n";
    }

    /** The commands of the shell blocks; what follows a {@code #} is said in the README's own language. */
    private static List<String> commands(Path readme) throws IOException {
        return blocks(readme, "sh").stream()
                .flatMap(String::lines)
                .map(line -> line.replaceFirst("(^|\\s+)#\\s.*$", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static List<String> blocks(Path readme, String language) throws IOException {
        List<String> parts = List.of(Files.readString(readme).split("(?m)^```" + language + "\n"));
        return parts.stream()
                .skip(1)
                .map(part -> part.substring(0, part.indexOf("```")))
                .toList();
    }
}
