package dev.hark.cli.connect;

import static picocli.CommandLine.ScopeType.INHERIT;

import dev.hark.Hark;
import dev.hark.HarkBuilder;
import dev.hark.Redis;
import dev.hark.Tls;
import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.process.Io;
import dev.hark.cli.term.Notes;
import dev.hark.cli.term.Output;
import dev.hark.cli.term.Secrets;
import dev.hark.error.InvalidInputException;
import dev.hark.error.UnavailableException;
import dev.hark.error.UnsafeServerException;
import dev.hark.event.Observer;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** One run of the command {@code hark}: the options that all commands share, and what a command reaches by them. */
public abstract class Invocation {

    /** With what starting and ending take, five seconds in all. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(4_500);

    private static final String DEFAULT_URL = "redis://localhost:6379";
    private static final String DEFAULT_PREFIX = "hark";
    /** What the name of a setting in Java begins a message with. */
    private static final Pattern NAME = Pattern.compile("^[a-z][a-zA-Z]*( [a-z]+)*(?= )");

    /** A server without TLS waits for more. */
    private static final String NO_ANSWER = "timed out";

    private static final Pattern LOGIN_REFUSED = Pattern.compile("NOAUTH|WRONGPASS|AUTH failed|invalid password");

    @Option(
            names = "--redis",
            scope = INHERIT,
            paramLabel = "URL",
            description = {
                "redis://[user:password@]host[:port][/db],",
                "redis-sentinel://host,host?master=NAME,",
                "or redis-cluster://host,host; rediss for TLS.",
                "Default: the environment's HARK_REDIS, else",
                DEFAULT_URL + "."
            })
    private @Nullable String redis;

    @Option(
            names = "--prefix",
            scope = INHERIT,
            paramLabel = "PREFIX",
            description = "What the keys of the queues begin with, as the application has set it. Default: the"
                    + " environment's HARK_PREFIX, else " + DEFAULT_PREFIX + ". demo, bench and prove have their own.")
    private @Nullable String prefix;

    @Option(
            names = "--json",
            scope = INHERIT,
            description = "Print results as JSON: an object a line, and one array of queues, dead list and doctor.")
    private boolean json;

    @Option(names = "--verbose", scope = INHERIT, description = "Say more on stderr; show where errors come from.")
    private boolean verbose;

    @Option(
            names = "--allow-eviction",
            scope = INHERIT,
            description = "Work with a Redis whose maxmemory-policy may evict messages.")
    private boolean allowEviction;

    private String logLevel = "WARN";

    private final Io io;
    private final Output out;
    private final Notes notes;

    protected Invocation(Io io) {
        this.io = io;
        this.out = new Output(io.out(), io.terminal());
        this.notes = new Notes(io.err(), () -> verbose);
    }

    /** Shows how to use a command that was given none of its own. */
    public Integer usage(@Nullable CommandSpec command) {
        if (command != null) {
            io.err().print(command.commandLine().getUsageMessage(CommandLine.Help.Ansi.OFF));
        }
        return ExitCode.WRONG_USE;
    }

    public Io io() {
        return io;
    }

    public Output out() {
        return out;
    }

    public Notes notes() {
        return notes;
    }

    public boolean json() {
        return json;
    }

    /** What the keys begin with: as given on the command line, else in the environment. */
    public String prefix() {
        String fromEnvironment = io.env().getOrDefault("HARK_PREFIX", "");
        return prefix != null ? prefix : fromEnvironment.isEmpty() ? DEFAULT_PREFIX : fromEnvironment;
    }

    /** The URL given on the command line, not that of the environment. */
    @Nullable
    public String givenUrl() {
        return redis;
    }

    /** Checks that this is one server that can be reached, without certificates of its own: it is used past Hark, too. */
    public void checkSingle(String url, String command) {
        connect(url, event -> {}, builder -> builder).close(); // says what is wrong with it, if anything
        Redis redis = redis(url);
        if (!(redis.place() instanceof Redis.Place.Single)
                || redis.protocol() != 2
                || !(redis.tls() == null || redis.tls().equals(Tls.DEFAULT))) {
            throw new CommandFailure(
                    ExitCode.WRONG_USE,
                    "hark " + command
                            + " works on one server, given as redis://host:port or rediss://host:port, not on '"
                            + Secrets.mask(url) + "'; without --redis it starts one of its own");
        }
    }

    /** Connects to the Redis that the options or the environment name. */
    public Hark connect() {
        return connect(new Notices(notes, Notices.Scope.QUEUES), builder -> builder);
    }

    /** Connects to a Redis of any kind, since what is wrong with it is what the command tells. */
    public Hark connectToAny() {
        logLevel = "ERROR";
        return connect(event -> {}, builder -> builder.allowEviction(true));
    }

    /** Connects, with settings of the command's own. */
    public Hark connect(Observer observer, UnaryOperator<HarkBuilder> settings) {
        String fromEnvironment = io.env().getOrDefault("HARK_REDIS", "");
        String url = redis != null ? redis : fromEnvironment.isEmpty() ? DEFAULT_URL : fromEnvironment;
        return connect(url, observer, settings);
    }

    public Hark connect(String url, Observer observer, UnaryOperator<HarkBuilder> settings) {
        // Read by logback.xml, which is not touched before the first Hark is built.
        System.setProperty("hark.log.level", verbose ? "DEBUG" : logLevel);
        System.setProperty("hark.log.trace", verbose ? "%ex" : "%nopex");
        Redis redis = redis(url);
        try {
            return settings.apply(naming(
                                    this.prefix == null ? "HARK_PREFIX" : "--prefix",
                                    () -> Hark.builder().prefix(prefix()))
                            .redis(redis)
                            .connectTimeout(CONNECT_TIMEOUT)
                            .allowEviction(allowEviction)
                            .observer(observer))
                    .build();
        } catch (UnavailableException e) {
            boolean advised = FailureReport.message(e).contains("hark acl");
            throw new CommandFailure(
                    ExitCode.WRONG_USE, FailureReport.message(e) + (advised ? "" : "; " + advice(redis, e)), e);
        } catch (UnsafeServerException e) {
            String override = FailureReport.message(e).contains("noeviction") ? " (--allow-eviction)" : "";
            throw new CommandFailure(ExitCode.WRONG_USE, FailureReport.message(e) + override, e);
        }
    }

    private static Redis redis(String url) {
        try {
            return Redis.of(url);
        } catch (InvalidInputException e) {
            throw new CommandFailure(
                    ExitCode.WRONG_USE,
                    FailureReport.message(e)
                            + "; the form is redis://[user:password@]host[:port][/db]; see --help for others",
                    e);
        }
    }

    /** Sets something; if its value is not allowed, says so by the name of the option that it was given by. */
    public static <T> T naming(String option, Supplier<T> setting) {
        try {
            return setting.get();
        } catch (InvalidInputException e) {
            String message = NAME.matcher(FailureReport.message(e)).replaceFirst(option);
            throw new CommandFailure(ExitCode.WRONG_USE, message, e);
        }
    }

    private static String advice(Redis redis, UnavailableException e) {
        if (redis.tls() != null && FailureReport.message(e).contains(NO_ANSWER)) {
            return "perhaps it speaks no TLS, which rediss asks for; without, the URL begins with redis:";
        }
        return LOGIN_REFUSED.matcher(FailureReport.message(e)).find()
                ? "give user and password in the URL: redis://[user:password@]host"
                : "hark redis starts one, --redis or HARK_REDIS names another";
    }
}
