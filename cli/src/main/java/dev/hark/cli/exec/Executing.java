package dev.hark.cli.exec;

import dev.hark.Message;
import dev.hark.MessageHandler;
import dev.hark.Outcome;
import dev.hark.RetryPolicy;
import dev.hark.cli.process.Stop;
import dev.hark.cli.term.Notes;
import dev.hark.cli.term.OutputException;
import dev.hark.cli.term.Times;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Runs a command for each message, and turns how it ended into what becomes of the message. */
public final class Executing implements MessageHandler<byte[]> {

    /** EX_DATAERR of sysexits.h: the input is wrong, and will be so the next time. */
    private static final int DEAD = 65;

    /** The message is not to blame, and a process or some space may be free again soon. */
    private static final Duration UNTIL_IT_STARTS = Duration.ofSeconds(1);

    private final Shell shell;
    private final RetryPolicy retry;
    private final Stop stop;
    private final Notes notes;

    public Executing(Shell shell, RetryPolicy retry, Stop stop, Notes notes) {
        this.shell = shell;
        this.retry = retry;
        this.stop = stop;
        this.notes = notes;
    }

    @Override
    public Outcome handle(Message<byte[]> message) throws InterruptedException {
        try {
            return switch (shell.run(message)) {
                case Shell.Exited exited when exited.code() == 0 -> Outcome.done();
                case Shell.Exited exited when exited.code() == DEAD -> Outcome.dead(exited.describe());
                case Shell.NotStarted failed -> {
                    notes.say(message.queue() + " " + message.id() + ": " + failed.describe() + "; next try in "
                            + Times.show(UNTIL_IT_STARTS) + ", no attempt used");
                    yield Outcome.snooze(UNTIL_IT_STARTS);
                }
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
