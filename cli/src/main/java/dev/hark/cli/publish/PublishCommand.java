package dev.hark.cli.publish;

import dev.hark.Codec;
import dev.hark.Durability;
import dev.hark.Hark;
import dev.hark.PublishOptions;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.connect.Notices;
import dev.hark.cli.process.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Stack;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code hark publish}. */
@Command(
        name = "publish",
        description = {
            "Publishes a message, and prints its id once Redis has it.",
            "",
            "Bodies are bytes, and arrive as they are. A line of --lines is all before its newline. An argument must be"
                    + " text; other bytes go by stdin. Before a body that begins with - goes --, which ends the options; -"
                    + " itself means stdin."
        },
        footer = {
            "  hark publish mail '{\"to\":\"you\"}'",
            "  hark publish mail -- '--any text'",
            "  hark publish mail --delay 5m --header tenant=7 < letter.txt",
            "  seq 1000000 | hark publish numbers --lines > ids",
            "  hark publish --channel my_queue \"Hello, World!\"  # a Redis PUBLISH"
        })
public final class PublishCommand implements Callable<Integer> {

    private static final String STDIN = "-";
    private static final int DEFAULT_MAX_BODY = 1 << 20;

    @ParentCommand
    private Invocation hark;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "QUEUE",
            parameterConsumer = Place.class,
            description = "The queue; with --channel, the channel.")
    private String name;

    /** The word behind the queue, where a body would be. */
    private @Nullable String behind;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "BODY",
            description = "The body. Default, or with -: all of stdin.")
    private @Nullable String body;

    @Option(names = "--lines", description = "Publish each line of stdin.")
    private boolean lines;

    @Option(names = "--channel", description = "Publish to a plain Redis channel, and print how many heard it.")
    private boolean channel;

    @Option(names = "--type", paramLabel = "TYPE", description = "A free label.")
    private @Nullable String type;

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "A header; may be repeated.")
    private List<String> headers = List.of();

    @Option(names = "--delay", paramLabel = "D", description = "Hand it out this much later: 500ms, 10s, 5m, 2h, 1d.")
    private @Nullable Duration delay;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Hand it out no earlier: ISO-8601 with an offset, 2030-01-31T09:00:00Z.")
    private @Nullable Instant at;

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            description = "How safe it should be: memory, fsynced, or replicated(N) by so many replicas; --json shows"
                    + " what was reached. Default: what is set for the queue.")
    private @Nullable Durability durability;

    @Option(
            names = "--strict",
            description = "Fail when that is not reached. The message is published all the same, and its id printed.")
    private boolean strict;

    @Option(
            names = "--max-body",
            paramLabel = "BYTES",
            description = "Refuse larger bodies. Default: " + DEFAULT_MAX_BODY + ".")
    private int maxBody = DEFAULT_MAX_BODY;

    @Override
    public Integer call() throws IOException {
        check();
        PublishOptions options = options();
        try (Hark connected = hark.connect(
                new Notices(hark.notes(), Notices.Scope.QUEUES),
                builder -> Invocation.naming("--max-body", () -> builder.maxBody(maxBody)))) {
            Bodies bodies = bodies();
            if (channel) {
                new ChannelPublishing(connected.channel(name, byte[].class), hark.out(), hark.json()).run(bodies);
            } else {
                new Publishing(connected.queue(name, Codec.bytes()), options, hark.out(), hark.json()).run(bodies);
            }
        }
        return ExitCode.DONE;
    }

    /** Refuses an option in the place of a body. To be called before anything that it may ask for is done, help included. */
    public void checkPlaceOfBody() {
        if (body == null
                && !lines
                && isOption(behind)
                && !parsed().originalArgs().contains("--")) {
            throw wrongUse("an option stands where the body would be, so that it cannot be told what is meant: before"
                    + " a body that begins with - goes --, as in: hark publish QUEUE -- -x; for a body on stdin put - there,"
                    + " or the option before QUEUE");
        }
    }

    /**
     * Whether it is a whole option: that is what a variable may have put there. One whose value is the next word was
     * written as an option. With --lines there is no doubt that stdin is meant.
     */
    private boolean isOption(@Nullable String word) {
        if (word == null || !word.startsWith("-") || word.equals(STDIN)) {
            return false;
        }
        OptionSpec option = spec.findOption(word);
        return option == null || option.arity().max() == 0;
    }

    private ParseResult parsed() {
        return spec.commandLine().getParseResult();
    }

    private void check() {
        if (lines && body != null && !body.equals(STDIN)) {
            throw wrongUse("--lines takes its messages from stdin, and there is a BODY, too: leave one of them out");
        }
        if (delay != null && at != null) {
            throw wrongUse("--delay and --at exclude each other: leave one of them out");
        }
        if (maxBody < 1) {
            throw wrongUse("--max-body " + maxBody + " is not allowed: it must be at least 1");
        }
        if (channel) {
            for (String option : List.of("--type", "--header", "--delay", "--at", "--durability", "--strict")) {
                if (parsed().hasMatchedOption(option)) {
                    throw wrongUse(option + " makes no sense with --channel, which carries nothing but the body");
                }
            }
        }
    }

    private ParameterException wrongUse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private PublishOptions options() {
        PublishOptions options = PublishOptions.NONE;
        for (String header : headers) {
            options = with(header, options);
        }
        options = type == null ? options : options.type(type);
        options = delay == null ? options : options.after(delay);
        options = at == null ? options : options.at(at);
        options = durability == null ? options : options.durability(durability);
        return strict ? options.strict() : options;
    }

    /** Splits it here, since the parser goes by quotes. */
    private PublishOptions with(String header, PublishOptions options) {
        String[] part = header.split("=", 2);
        if (part.length == 1 || part[0].isEmpty()) {
            throw wrongUse("--header '" + header + "' is not allowed: it must be NAME=VALUE");
        }
        if (options.headers().containsKey(part[0])) {
            throw wrongUse("--header '" + part[0] + "' is there twice: leave one of them out");
        }
        return options.header(part[0], part[1]);
    }

    private Bodies bodies() {
        if (body != null && !body.equals(STDIN)) {
            return Bodies.whole(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), maxBody);
        }
        InputStream in = hark.io().in();
        if (body == null && hark.io().terminal().input()) {
            hark.notes().say("reading " + (lines ? "lines" : "the body") + " from the terminal, up to Ctrl-D");
        }
        return lines ? Bodies.lines(in, maxBody) : Bodies.whole(in, maxBody);
    }

    /** Reads the queue, and looks at what comes next, which nobody can tell once options and bodies are told apart. */
    static final class Place implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> words, ArgSpec queue, CommandSpec command) {
            PublishCommand publish = (PublishCommand) command.userObject();
            queue.setValue(words.pop());
            publish.behind = words.isEmpty() ? null : words.peek();
        }
    }
}
