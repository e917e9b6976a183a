package dev.hark.cli;

import java.util.Objects;

/** The command {@code hark}. */
public final class Main {

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.out.println("hark "
                + Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "development"));
    }
}
