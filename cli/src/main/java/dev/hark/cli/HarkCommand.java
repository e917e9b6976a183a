package dev.hark.cli;

import static picocli.CommandLine.ScopeType.INHERIT;

import dev.hark.cli.bench.BenchCommand;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.dead.DeadCommand;
import dev.hark.cli.demo.DemoCommand;
import dev.hark.cli.doctor.DoctorCommand;
import dev.hark.cli.listen.ListenCommand;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.process.Io;
import dev.hark.cli.prove.ProveCommand;
import dev.hark.cli.publish.PublishCommand;
import dev.hark.cli.queues.QueuesCommand;
import dev.hark.cli.redis.AclCommand;
import dev.hark.cli.redis.RedisCommand;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hark} itself. */
@Command(
        name = "hark",
        description = "Queues and channels on Redis.",
        scope = INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {ExitCode.DONE_MEANS, ExitCode.FAILED_MEANS, ExitCode.WRONG_USE_MEANS},
        footerHeading = "%nExamples:%n",
        footer = {
            "  hark demo                           # see it work",
            "  hark redis                          # a Redis, until Ctrl-C",
            "  hark publish mail '{\"to\":\"you\"}'    # a message, for its listener",
            "  hark listen mail --exec ./send.sh   # a command for each message",
            "  hark queues                         # what waits, runs, or died",
            "  hark doctor                         # what is wrong, and what to do"
        },
        subcommands = {
            DemoCommand.class,
            RedisCommand.class,
            PublishCommand.class,
            ListenCommand.class,
            QueuesCommand.class,
            DeadCommand.class,
            DoctorCommand.class,
            AclCommand.class,
            BenchCommand.class,
            ProveCommand.class
        })
final class HarkCommand extends Invocation implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    HarkCommand(Io io) {
        super(io);
    }

    /** Without a command. */
    @Override
    public Integer call() {
        return usage(spec);
    }
}
