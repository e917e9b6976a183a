package dev.hark.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a piece of code printed. */
final class Captured {

    /** A main method, or what else prints. */
    interface Printing {
        void run() throws Exception;
    }

    private Captured() {}

    /** Runs it, and returns the lines that it wrote to stdout. */
    static List<String> lines(Printing printing) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            printing.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
