package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import redis.clients.jedis.Protocol.Command;

/**
 * What others put into a queue cannot make a script work without bound, nor end it half-way. Work is counted: commands that
 * the script calls, and entries that move; where only time tells, against a plain command over the same bytes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileInput {

    static final String MEGABYTE = "x".repeat(1 << 20);
    static final String MOST = "9223372036854775807";
    static final Pattern SCRIPT_TIME = Pattern.compile("cmdstat_evalsha:calls=\\d+,usec=(\\d+)");

    RedisRig rig;
    QueueDriver queue;
    int queues;

    @BeforeAll
    void start() {
        rig = new RedisRig(ServerOptions.defaults().binary(Binary.bundled()));
        for (Script script : Script.values()) {
            rig.call(Command.SCRIPT, "LOAD", script.source());
        }
    }

    @AfterAll
    void stop() {
        rig.close();
    }

    @BeforeEach
    void fresh() {
        queue = new QueueDriver(rig, "hostile" + ++queues);
    }

    String key(String part) {
        return rig.keys().ready(queue.address()).replaceFirst("ready$", part);
    }

    String add(String part, String... fields) {
        List<Object> args = new ArrayList<>(List.of(key(part), "*"));
        args.addAll(List.of(fields));
        return Link.text(rig.call(Command.XADD, args.toArray()));
    }

    static String[] manyFields(int count) {
        return IntStream.range(0, count)
                .boxed()
                .flatMap(i -> Stream.of("f" + i, "v" + i))
                .toArray(String[]::new);
    }

    /** How often scripts call a command while something is done. */
    long calls(String command, Runnable work) {
        rig.call(Command.CONFIG, "RESETSTAT");
        work.run();
        Matcher calls = Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
                .matcher(Link.text(rig.call(Command.INFO, "commandstats")));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    /** How long scripts keep Redis while something is done, in microseconds. */
    long micros(Runnable work) {
        rig.call(Command.CONFIG, "RESETSTAT");
        work.run();
        Matcher time = SCRIPT_TIME.matcher(Link.text(rig.call(Command.INFO, "commandstats")));
        assertThat(time.find()).as("a script was called").isTrue();
        return Long.parseLong(time.group(1));
    }
}
