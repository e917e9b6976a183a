package dev.hark.cli;

import dev.hark.Durability;
import dev.hark.admin.AclUser;
import dev.hark.admin.Role;
import dev.hark.cli.connect.FailureReport;
import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.Descriptors;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.process.Io;
import dev.hark.cli.process.ProcessSignals;
import dev.hark.cli.publish.PublishCommand;
import dev.hark.cli.queues.QueuesSetCommand;
import dev.hark.cli.redis.AclCommand;
import dev.hark.cli.term.Notes;
import dev.hark.cli.term.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TraceLevel;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code hark}. */
public final class Main {

    private static final int WIDEST_HELP = 100;

    /** URLs and examples are whole in it: where a terminal breaks lines, what is copied has no break. */
    private static final int NARROWEST_HELP = 72;

    private static final Set<String> LISTING = Set.of("ls", "list");

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        ProcessSignals signals = new ProcessSignals();
        signals.exit(runProcess(args, Io.ofProcess(signals)));
    }

    private static int runProcess(String[] args, Io io) {
        try {
            Descriptors.ofProcess().checkOut();
            return run(Arguments.ofProcess(args), io);
        } catch (CommandFailure e) {
            return FailureReport.report(e, new Notes(io.err(), () -> false));
        }
    }

    static int run(String[] args, Io io) {
        CommandLine.tracer().setLevel(TraceLevel.OFF); // it would print what was given, raw
        HarkCommand hark = new HarkCommand(io);
        CommandLine line = new CommandLine(hark);
        line.getCommandSpec().usageMessage().synopsisSubcommandLabel("COMMAND"); // here, as all would inherit it
        return line.registerConverter(Duration.class, Times::duration)
                .registerConverter(Instant.class, Times::instant)
                .registerConverter(Durability.class, QueuesSetCommand::durability)
                .registerConverter(Role.class, AclCommand::role)
                .registerConverter(AclUser.Syntax.class, AclCommand::syntax)
                // A body that starts with @ is a body, not a file of arguments.
                .setExpandAtFiles(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpWidth(helpWidth(args, io))
                .setOut(io.outWriter())
                .setExecutionStrategy(Main::execute)
                .setParameterExceptionHandler((e, rest) -> wrongUse(hark, e))
                .setExecutionExceptionHandler((e, command, parsed) -> FailureReport.report(e, hark.notes()))
                .execute(args);
    }

    private static int execute(ParseResult parsed) {
        for (CommandLine command : parsed.asCommandLineList()) {
            if (command.getCommand() instanceof PublishCommand publish) {
                publish.checkPlaceOfBody(); // before help is shown, which a body may look like, too
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** As wide as the terminal, as far as that is pleasant to read, and the parser can do. */
    private static int helpWidth(String[] args, Io io) {
        boolean asked =
                args.length == 0 || Arrays.stream(args).anyMatch(arg -> arg.equals("--help") || arg.equals("-h"));
        int columns = asked ? io.terminal().columns() : 0;
        return columns <= 0 ? WIDEST_HELP : Math.clamp(columns, NARROWEST_HELP, WIDEST_HELP);
    }

    private static int wrongUse(HarkCommand hark, ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        hark.notes().say(describe(e) + " (see " + command + " --help)");
        return ExitCode.WRONG_USE;
    }

    private static String describe(ParameterException e) {
        String what = problem(e);
        boolean asBody = e instanceof UnmatchedArgumentException unmatched
                && unmatched.isUnknownOption()
                && e.getCommandLine().getCommand() instanceof PublishCommand;
        return asBody ? what + "; before a body that begins with - goes --" : what;
    }

    private static String problem(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            boolean commands = !e.getCommandLine().getSubcommands().isEmpty();
            List<String> similar = similar(unmatched);
            return "'" + String.join(" ", unmatched.getUnmatched())
                    + (commands ? "' is no command" : "' is one argument too many")
                    + (similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?");
        }
        // The parser says "option option".
        return String.valueOf(e.getMessage()).replace("option option", "option");
    }

    /** What lists things is called otherwise elsewhere. */
    private static List<String> similar(UnmatchedArgumentException unmatched) {
        CommandLine command = unmatched.getCommandLine();
        if (!unmatched.getSuggestions().isEmpty()
                || !LISTING.contains(unmatched.getUnmatched().getFirst())) {
            return unmatched.getSuggestions();
        }
        String name = command.getCommandSpec().qualifiedName();
        return List.of(command.getSubcommands().containsKey("list") ? name + " list" : name);
    }
}
