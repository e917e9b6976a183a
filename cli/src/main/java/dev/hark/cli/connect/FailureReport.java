package dev.hark.cli.connect;

import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Notes;
import dev.hark.cli.term.OutputException;
import dev.hark.devserver.DevServerException;
import dev.hark.error.BodyTooLargeException;
import dev.hark.error.ClosedException;
import dev.hark.error.HarkException;
import dev.hark.error.InvalidInputException;
import dev.hark.error.NewerLayoutException;
import dev.hark.error.NotDurableException;
import dev.hark.error.NotPublishedException;
import dev.hark.error.PublishUnknownException;
import dev.hark.error.QueueFullException;
import dev.hark.error.UnavailableException;
import dev.hark.error.UnsafeServerException;
import dev.hark.error.WrongTypeException;
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
