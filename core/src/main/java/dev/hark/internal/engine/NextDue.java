package dev.hark.internal.engine;

/** When the next of the messages that wait for their time is due, as a store answers it. */
public sealed interface NextDue {

    NextDue UNKNOWN = new Unknown();

    NextDue NONE = new None();

    /** Nobody has looked. */
    record Unknown() implements NextDue {}

    /** No message waits for its time. */
    record None() implements NextDue {}

    /** So long from now; 0 where it is due. */
    record In(long millis) implements NextDue {}
}
