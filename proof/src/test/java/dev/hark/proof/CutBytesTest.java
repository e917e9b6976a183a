package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.devserver.DevServer;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The connection is cut within one exchange of each kind: after each byte of its request and of its reply in the full
 * size, after some of them in the short one. Nothing is lost, and nothing is there or handled twice.
 */
class CutBytesTest {

    private static final int SAMPLES = 2;
    private static final int AT_ONCE = 12;

    private static final Pattern USES = Pattern.compile("(?m)^-- Uses: (.*)$");

    private static DevServer server;
    private static final ConcurrentHashMap<String, String> MARKS = new ConcurrentHashMap<>(); // SHA-1 by script

    @BeforeAll
    static void start() throws Exception {
        server = DevServer.start();
        try (Admin admin = new Admin(URI.create(server.url()))) {
            for (String script : scripts()) {
                String own = source(script);
                StringBuilder source = new StringBuilder();
                for (String lib : USES.matcher(own)
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group(1)
                        .split(", ")) {
                    source.append(source("lib/" + lib)).append('\n');
                }
                MARKS.put(
                        script,
                        Admin.text(
                                admin.call("SCRIPT", "LOAD", source.append(own).toString())));
            }
        }
    }

    /** All that there are. */
    private static Set<String> scripts() throws Exception {
        URI one = Hark.class.getResource("internal/redis/scripts/publish.lua").toURI();
        if (!one.getScheme().equals("jar")) {
            return beside(Path.of(one));
        }
        try (FileSystem jar = FileSystems.newFileSystem(one, Map.of())) {
            return beside(jar.provider().getPath(one));
        }
    }

    private static Set<String> beside(Path one) throws Exception {
        try (Stream<Path> files = Files.list(one.getParent())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".lua"))
                    .map(name -> name.replace(".lua", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** All but verify.lua: it only reads, and is asked only where the server is another than it was. */
    @Test
    void eachScriptIsCut() throws Exception {
        Set<String> scripts = scripts();
        scripts.remove("verify");
        assertThat(Stream.of(Exchange.values()).map(exchange -> exchange.script).filter(Objects::nonNull))
                .containsAll(scripts);
    }

    private static String source(String script) throws Exception {
        try (InputStream in =
                Hark.class.getClassLoader().getResourceAsStream("dev/hark/internal/redis/scripts/" + script + ".lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostOrDoubled(Exchange exchange) throws Exception {
        long seed = Size.seed();
        Random random = new Random(seed);
        int cuts = 0;
        for (Trial.Side side : Trial.Side.values()) {
            int length = cut(exchange, side, 0);
            List<Integer> after = new ArrayList<>(List.of(length));
            if (Size.full()) {
                for (int i = 1; i < length; i++) {
                    after.add(i);
                }
            } else {
                random.ints(SAMPLES, 1, length).forEach(after::add);
            }
            try (ExecutorService trials = Executors.newFixedThreadPool(AT_ONCE)) {
                List<Future<Integer>> all = new ArrayList<>();
                after.forEach(bytes -> all.add(trials.submit(() -> cut(exchange, side, bytes))));
                for (Future<Integer> one : all) {
                    one.get();
                }
            }
            cuts += after.size() + 1;
        }
        System.out.println("seed " + seed + ": " + exchange + " cut " + cuts + " times");
    }

    /** Returns how many bytes the request or the reply had. */
    private static int cut(Exchange exchange, Trial.Side side, int after) throws Exception {
        try (Trial trial = new Trial(server, MARKS, side, after)) {
            exchange.run(trial);
            trial.awaitCut();
            assertThat(exchange.problems(trial))
                    .as("%s, cut after %d bytes of the %s", exchange, after, side)
                    .isEmpty();
            return trial.cut.length();
        }
    }
}
