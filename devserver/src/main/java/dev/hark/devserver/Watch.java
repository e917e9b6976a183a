package dev.hark.devserver;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a sentinel says of the one master that it watches.
 *
 * @param ok whether it holds it for well
 * @param sentinels with itself
 */
record Watch(boolean ok, int masterPort, int replicas, int sentinels) {

    private static final Pattern LINE =
            Pattern.compile("name=.*,status=(\\w+),address=.*:(\\d+),slaves=(\\d+),sentinels=(\\d+)");

    static Watch of(DevServer sentinel) {
        Matcher line = LINE.matcher(Info.of(sentinel, "sentinel").text("master0"));
        if (!line.matches()) {
            throw new DevServerException(sentinel + " watches no master");
        }
        return new Watch(
                line.group(1).equals("ok"),
                Integer.parseInt(line.group(2)),
                Integer.parseInt(line.group(3)),
                Integer.parseInt(line.group(4)));
    }
}
