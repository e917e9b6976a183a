package dev.hark.cli;

import dev.hark.Message;
import dev.hark.MessageHandler;
import dev.hark.Outcome;
import dev.hark.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Runs a command for each message, and turns how it ended into what becomes of the message. */
final class Executing implements MessageHandler<byte[]> {

    /** EX_DATAERR of sysexits.h: the input is wrong, and will be so the next time. */
    private static final int DEAD = 65;

    private final Shell shell;
    private final RetryPolicy retry;
    private final Stop stop;

    Executing(Shell shell, RetryPolicy retry, Stop stop) {
        this.shell = shell;
        this.retry = retry;
        this.stop = stop;
    }

    @Override
    public Outcome handle(Message<byte[]> message) throws IOException, InterruptedException {
        try {
            return switch (shell.run(message)) {
                case Shell.Exited exited when exited.code() == 0 -> Outcome.done();
                case Shell.Exited exited when exited.code() == DEAD -> Outcome.dead(exited.describe());
                case Shell.Ending failed -> again(message.attempt(), failed.describe());
            };
        } catch (OutputException e) {
            stop.fail(e);
            return Outcome.snooze(Duration.ZERO);
        }
    }

    /** As the policy says, but with a reason that is the command's own. */
    private Outcome again(int attempt, String reason) {
        return switch (retry.decide(attempt, new IOException(reason), ThreadLocalRandom.current())) {
            case Outcome.Retry decided -> Outcome.retry(decided.after(), reason);
            case Outcome.Dead decided -> Outcome.dead(reason);
            case Outcome other -> other;
        };
    }
}
