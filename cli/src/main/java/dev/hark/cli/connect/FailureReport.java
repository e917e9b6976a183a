package dev.hark.cli.connect;

import dev.hark.BodyTooLargeException;
import dev.hark.ClosedException;
import dev.hark.HarkException;
import dev.hark.InvalidInputException;
import dev.hark.NewerLayoutException;
import dev.hark.NotDurableException;
import dev.hark.NotPublishedException;
import dev.hark.PublishUnknownException;
import dev.hark.QueueFullException;
import dev.hark.UnavailableException;
import dev.hark.UnsafeServerException;
import dev.hark.WrongTypeException;
import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Notes;
import dev.hark.cli.term.OutputException;
import dev.hark.devserver.DevServerException;
import java.util.Objects;

/** The one table from what was thrown to what the user reads and the process returns. */
public final class FailureReport {

    private FailureReport() {}

    public static int report(Throwable failure, Notes notes) {
        notes.trace(failure);
        switch (failure) {
            case OutputException e when e.readerGone() -> {
                // Whoever read our output has read enough.
            }
            case CommandFailure e -> notes.say(message(e));
            case OutputException e -> notes.say(message(e));
            case HarkException e -> notes.say(message(e));
            case DevServerException e -> notes.say(message(e));
            default -> notes.say("unexpected " + failure + "; run it again with --verbose to see where");
        }
        return exitCode(failure);
    }

    public static String message(Throwable failure) {
        return Objects.requireNonNullElseGet(failure.getMessage(), failure::toString);
    }

    public static int exitCode(Throwable failure) {
        return switch (failure) {
            case OutputException e when e.readerGone() -> ExitCode.DONE;
            case CommandFailure e -> e.exitCode();
            case HarkException e -> exitCode(e);
            case DevServerException e -> ExitCode.WRONG_USE;
            default -> ExitCode.FAILED;
        };
    }

    private static int exitCode(HarkException failure) {
        return switch (failure) {
            case InvalidInputException e -> ExitCode.WRONG_USE;
            case UnavailableException e -> ExitCode.WRONG_USE;
            case UnsafeServerException e -> ExitCode.WRONG_USE;
            case BodyTooLargeException e -> ExitCode.FAILED;
            case WrongTypeException e -> ExitCode.FAILED;
            case NewerLayoutException e -> ExitCode.FAILED;
            case NotPublishedException e -> ExitCode.FAILED;
            case QueueFullException e -> ExitCode.FAILED;
            case PublishUnknownException e -> ExitCode.FAILED;
            case NotDurableException e -> ExitCode.FAILED;
            case ClosedException e -> ExitCode.FAILED;
        };
    }
}
