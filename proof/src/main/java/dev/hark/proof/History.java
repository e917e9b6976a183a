package dev.hark.proof;

import dev.hark.proof.Journal.Line;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the journals of all processes say, put together by message. */
final class History {

    /** What a publisher was told. */
    enum Answer {
        NONE,
        ACKNOWLEDGED,
        UNKNOWN,
        REFUSED
    }

    /** How a handler ended. */
    enum Ending {
        NONE,
        DONE,
        FAILED
    }

    /** One call of a handler. */
    static final class Attempt {
        final String worker;
        final int number;
        final long began;
        long ended = Long.MAX_VALUE;
        Ending ending = Ending.NONE;

        Attempt(String worker, int number, long began) {
            this.worker = worker;
            this.number = number;
            this.began = began;
        }
    }

    /** One message. */
    static final class Message {
        final String job;
        Job.@Nullable Kind kind; // null: nobody was going to publish it
        long delay;
        String queue = Setting.QUEUE;
        String publisher = "";
        long sent;
        long answered = Long.MAX_VALUE;
        Answer answer = Answer.NONE;
        boolean dead;
        final List<Attempt> attempts = new ArrayList<>(1);
        final Set<String> ids = new TreeSet<>(); // given by Redis

        Message(String job) {
            this.job = job;
        }

        boolean seen() {
            return dead || !attempts.isEmpty();
        }

        long handled() {
            return attempts.stream()
                    .filter(attempt -> attempt.ending == Ending.DONE)
                    .count();
        }
    }

    private final Map<String, Message> messages = new LinkedHashMap<>();
    private final Set<String> strangersDead = new TreeSet<>();
    private final Map<String, Long> events = new TreeMap<>();
    private final List<Fault> faults = new ArrayList<>();

    Collection<Message> messages() {
        return messages.values();
    }

    List<Fault> faults() {
        return faults;
    }

    /** How often something was noted: fenced, lapsed, recovered, rolledback, cloned, trouble. */
    long events(String verb) {
        return events.getOrDefault(verb, 0L);
    }

    void add(Fault fault) {
        faults.add(fault);
    }

    /** Takes in what one process wrote. */
    void add(String process, Path journal) {
        Journal.read(journal, line -> add(process, line));
    }

    void add(String process, Line line) {
        switch (line.verb()) {
            case "sending" -> {
                Message message = message(line);
                message.kind = Job.Kind.of(line.word(1));
                message.delay = Long.parseLong(line.word(2));
                message.sent = line.at();
                message.publisher = process;
                message.queue = line.words().size() > 3 ? line.word(3) : message.queue;
            }
            case "acknowledged" -> {
                answer(line, Answer.ACKNOWLEDGED);
                message(line).ids.add(line.word(1));
            }
            case "unknown" -> answer(line, Answer.UNKNOWN);
            case "refused" -> answer(line, Answer.REFUSED);
            case "begin" -> {
                Message message = message(line);
                message.attempts.add(new Attempt(process, Integer.parseInt(line.word(1)), line.at()));
                message.ids.add(line.word(2));
            }
            case "end" -> end(process, line, Ending.DONE);
            case "threw" -> end(process, line, Ending.FAILED);
            case "starved" ->
                faults.add(new Fault(Fault.Kind.STARVED, process, line.at() - Long.parseLong(line.word(0)), line.at()));
            case "fenced", "recovered" -> events.merge(line.verb(), Long.parseLong(line.word(0)), Long::sum);
            default -> events.merge(line.verb(), 1L, Long::sum);
        }
    }

    /** A dead letter that Redis has at the end. */
    void addDead(String job, String id) {
        Message message = messages.computeIfAbsent(job, Message::new);
        message.dead = true;
        message.ids.add(id);
    }

    /** A dead letter that a stranger made, by its mark. */
    void addStrangersDead(String mark) {
        strangersDead.add(mark);
    }

    Set<String> strangersDead() {
        return strangersDead;
    }

    private Message message(Line line) {
        return messages.computeIfAbsent(line.word(0), Message::new);
    }

    private void answer(Line line, Answer answer) {
        Message message = message(line);
        message.answer = answer;
        message.answered = line.at();
    }

    private void end(String process, Line line, Ending ending) {
        int number = Integer.parseInt(line.word(1));
        for (Attempt attempt : message(line).attempts) {
            if (attempt.number == number && attempt.worker.equals(process) && attempt.ending == Ending.NONE) {
                attempt.ending = ending;
                attempt.ended = line.at();
                return;
            }
        }
        throw new IllegalStateException("journal of " + process + ": nothing began that ends with " + line);
    }
}
