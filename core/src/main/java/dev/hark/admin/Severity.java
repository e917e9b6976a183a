package dev.hark.admin;

/** How bad a {@link Finding} is. */
public enum Severity {
    /** A promise of Hark does not hold. */
    ERROR,
    /** All promises hold, and something should be done so that this stays so. */
    WARNING,
    /** Good to know. */
    INFO
}
