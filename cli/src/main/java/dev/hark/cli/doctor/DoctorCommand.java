package dev.hark.cli.doctor;

import dev.hark.Hark;
import dev.hark.admin.Diagnosis;
import dev.hark.admin.Finding;
import dev.hark.admin.Inspector;
import dev.hark.cli.connect.FailureReport;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Json;
import dev.hark.error.HarkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hark doctor}. */
@Command(
        name = "doctor",
        description = {
            "Looks at Redis and at all queues for what breaks promises or will, and says what to do about it.",
            "",
            "An error is a promise of Hark that does not hold: then the exit code is 1. Warnings and notes leave it 0."
        },
        footer = {
            "  hark doctor",
            "  hark doctor --json | jq '.[] | select(.severity == \"error\")'",
            "  hark doctor --repair"
        })
public final class DoctorCommand implements Callable<Integer> {

    @ParentCommand
    private Invocation hark;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--repair",
            description = "Mend what can be mended beside running listeners. Says what that is, and asks.")
    private boolean repair;

    @Option(names = "--yes", description = "With --repair: do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
        if (yes && !repair) {
            throw new ParameterException(spec.commandLine(), "--yes is for --repair");
        }
        if (repair && !yes && !hark.io().terminal().input()) {
            throw new CommandFailure(
                    ExitCode.WRONG_USE,
                    "--repair asks before it changes anything, and nobody can answer here: add --yes, or run hark doctor"
                            + " to see what it would do");
        }
        int exit = ExitCode.DONE;
        try (Hark connected = hark.connectToAny()) {
            Inspector inspector = connected.inspector();
            Diagnosis diagnosis = inspector.diagnose();
            List<Finding> repairable =
                    diagnosis.findings().stream().filter(Finding::repairable).toList();
            if (repair && repairable.isEmpty()) {
                hark.notes().say("nothing to repair");
            } else if (repair && agreed(repairable)) {
                exit = mend(inspector, repairable);
                diagnosis = inspector.diagnose();
            }
            show(diagnosis);
            return diagnosis.promisesHold() ? exit : Math.max(exit, ExitCode.FAILED);
        }
    }

    private void show(Diagnosis diagnosis) {
        if (hark.json()) {
            hark.out().line(Json.array(diagnosis.findings(), DoctorReport::fields));
        } else {
            DoctorReport.lines(diagnosis, hark.out().columns()).forEach(hark.out()::line);
        }
    }

    private boolean agreed(List<Finding> repairable) {
        hark.notes().say(repairable.size() == 1 ? "one repair:" : repairable.size() + " repairs:");
        repairable.forEach(finding -> hark.notes().say("  " + finding.repair()));
        if (yes) {
            return true;
        }
        hark.io().err().print("hark: do this? [y/N] ");
        hark.io().err().flush();
        String answer = answer();
        if (answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes")) {
            return true;
        }
        hark.notes().say("nothing was changed");
        return false;
    }

    private String answer() {
        StringBuilder answer = new StringBuilder();
        try {
            for (int c = hark.io().in().read();
                    c >= 0 && c != '\n';
                    c = hark.io().in().read()) {
                answer.append((char) c);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.toString().strip();
    }

    /** One that fails does not keep the others from being done. */
    private int mend(Inspector inspector, List<Finding> repairable) {
        int exit = ExitCode.DONE;
        for (Finding finding : repairable) {
            try {
                String done = inspector.repair(finding);
                hark.notes().say("queue " + finding.queue() + ", " + finding.id() + ": " + done);
            } catch (HarkException e) {
                hark.notes().say(FailureReport.message(e));
                exit = Math.max(exit, FailureReport.exitCode(e));
            }
        }
        return exit;
    }
}
