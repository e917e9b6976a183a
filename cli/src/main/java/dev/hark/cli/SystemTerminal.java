package dev.hark.cli;

import java.io.IOException;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/** The terminal of this process. Asks {@code test} and {@code stty}, so nothing native is loaded; asks once a call. */
final class SystemTerminal implements Terminal {

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
}
