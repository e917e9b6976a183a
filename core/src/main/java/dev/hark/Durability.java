package dev.hark;

import dev.hark.error.InvalidInputException;
import dev.hark.internal.engine.Names;
import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How safe a published message is: asked for with {@link Publish#durability} or {@link QueueSettings#durability}, and
 * said of what was reached by {@link Receipt#durability}, never more than that.
 *
 * <p>Redis is given three seconds to reach more than {@link #MEMORY}; then the receipt says what was reached by then,
 * or publishing fails if it is {@link Publish#strict strict}.
 */
public sealed interface Durability extends Serializable {

    /** Redis has it in memory; what survives a crash of Redis depends on its persistence settings. */
    Durability MEMORY = new Memory();

    /**
     * Redis has written it to its append-only file and synced that, so that it survives a loss of power of that server.
     * Asked of Redis 7.2 and newer, and of Valkey, by {@code WAITAOF}; of older servers it is reached with
     * {@code appendfsync always} alone, and only where this user may read the configuration.
     */
    Durability FSYNCED = new Fsynced();

    /**
     * At least so many replicas have it in memory. Which one takes over when the server fails is not known beforehand:
     * only a message that all of them have survives any failover.
     *
     * @param replicas how many, 1 to 100
     * @throws InvalidInputException if it is another number
     */
    static Durability replicated(int replicas) {
        return new Replicated(replicas);
    }

    /**
     * Whether this level is at least that one. {@link #FSYNCED} and {@link #replicated} protect from different things:
     * neither satisfies the other.
     */
    boolean satisfies(Durability wanted);

    /**
     * Reads a level as {@link #toString} writes it.
     *
     * @param text {@code memory}, {@code fsynced} or {@code replicated(2)}
     * @throws InvalidInputException if it is something else
     */
    static Durability parse(String text) {
        Matcher replicated = Replicated.TEXT.matcher(text);
        if (replicated.matches()) {
            return replicated(Integer.parseInt(replicated.group(1)));
        }
        return switch (text) {
            case "memory" -> MEMORY;
            case "fsynced" -> FSYNCED;
            default ->
                throw new InvalidInputException("durability '" + Names.shown(text)
                        + "' is not allowed: use memory, fsynced or replicated(N), N being how many replicas");
        };
    }

    /** Returns the level as it is written in the protocol and by the command line, for example {@code memory}. */
    @Override
    String toString();

    /** The level of {@link #MEMORY}. */
    record Memory() implements Durability {

        @Override
        public boolean satisfies(Durability wanted) {
            return wanted instanceof Memory;
        }

        @Override
        public String toString() {
            return "memory";
        }
    }

    /** The level of {@link #FSYNCED}. */
    record Fsynced() implements Durability {

        @Override
        public boolean satisfies(Durability wanted) {
            return !(wanted instanceof Replicated);
        }

        @Override
        public String toString() {
            return "fsynced";
        }
    }

    /**
     * The levels of {@link #replicated}.
     *
     * @param replicas how many replicas have the message, at least; in a receipt that may be more than were asked for
     */
    record Replicated(int replicas) implements Durability {

        /** More replicas than anybody has. */
        public static final int MOST = 100;

        private static final Pattern TEXT = Pattern.compile("replicated\\((\\d{1,9})\\)");

        /** Checks the number. */
        public Replicated {
            if (replicas < 1 || replicas > MOST) {
                throw new InvalidInputException(
                        "replicated(" + replicas + ") is not allowed: it must be between 1 and " + MOST + " replicas");
            }
        }

        @Override
        public boolean satisfies(Durability wanted) {
            return switch (wanted) {
                case Memory same -> true;
                case Fsynced other -> false;
                case Replicated(int enough) -> replicas >= enough;
            };
        }

        @Override
        public String toString() {
            return "replicated(" + replicas + ")";
        }
    }
}
