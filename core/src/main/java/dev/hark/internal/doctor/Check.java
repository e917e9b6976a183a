package dev.hark.internal.doctor;

import dev.hark.admin.Finding;
import org.jspecify.annotations.Nullable;

/** One rule: from what can be seen to what is said about it. Reads nothing else, and does nothing. */
@FunctionalInterface
interface Check<F> {

    /** What is to be said, or null if nothing is. */
    @Nullable
    Finding look(F facts);
}
