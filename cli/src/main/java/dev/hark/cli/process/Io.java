package dev.hark.cli.process;

import dev.hark.cli.term.SystemTerminal;
import dev.hark.cli.term.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command has from its process.
 *
 * @param in stdin, bytes as they are
 * @param out stdout, unbuffered, so that a write reports a closed pipe
 * @param err stderr, as UTF-8
 * @param env the environment
 * @param terminal what stands at the other end
 * @param signals SIGTERM, SIGINT and SIGHUP
 */
public record Io(
        InputStream in,
        OutputStream out,
        PrintStream err,
        Map<String, String> env,
        Terminal terminal,
        Signals signals) {

    public static Io ofProcess(Signals signals) {
        return new Io(
                Descriptors.ofProcess().in(),
                new FileOutputStream(FileDescriptor.out),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                new SystemTerminal(),
                signals);
    }

    public PrintWriter outWriter() {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
    }
}
