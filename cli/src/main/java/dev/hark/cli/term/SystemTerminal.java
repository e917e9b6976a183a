package dev.hark.cli.term;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/** The terminal of this process. Asks {@code test} and {@code stty}, so nothing native is loaded; asks once a call. */
public final class SystemTerminal implements Terminal {

    private static final String PROVIDER = "exec";
    private static final int USUAL_WIDTH = 80;

    @Override
    public boolean input() {
        try {
            return TerminalProvider.load(PROVIDER).isSystemStream(SystemStream.Input);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public int width() {
        try {
            TerminalProvider provider = TerminalProvider.load(PROVIDER);
            if (!provider.isSystemStream(SystemStream.Error)) {
                return 0;
            }
            int width = provider.systemStreamWidth(SystemStream.Error);
            return width > 0 ? width : USUAL_WIDTH;
        } catch (IOException e) {
            return 0;
        }
    }

    /** By hand, since JLine would load native code to look at stdout. */
    @Override
    public int columns() {
        try {
            Process test =
                    new ProcessBuilder("/bin/sh", "-c", "test -t 1").inheritIO().start();
            if (test.waitFor() != 0) {
                return 0;
            }
            Process stty = new ProcessBuilder("/bin/sh", "-c", "stty size </dev/tty")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            int width = size.matches("\\d+ \\d+") ? Integer.parseInt(size.substring(size.indexOf(' ') + 1)) : 0;
            return width > 0 ? width : USUAL_WIDTH;
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
