package dev.hark.cli.exec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Starts a command such that it ends, with all that it started, when it shall, and when this process is gone: by kill -9,
 * too. For that it gets a session of its own, which also keeps Ctrl-C for us: we let it end its message, then drain. What
 * makes a session of its own, as setsid does, escapes. Where there is no setsid, only the children that are seen are ended.
 */
final class Guard {

    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Path PROCESSES = Path.of("/proc");

    /** In what follows the name and its parenthesis in /proc/PID/stat: state, parent, group, session. */
    private static final int STATE = 0;

    private static final int SESSION = 3;

    /**
     * $0 is the command, $1 its body, $2 a file that tells that the command has begun: made by the process that becomes it, so
     * that there is none where no process could be made for it. Its stdin is a pipe that nobody writes to, and which the system
     * closes when this process ends: then the watcher ends all. First who would end the watcher; then what has made a group
     * of its own in this session, as timeout(1) does; then its own group, at one stroke, so that nothing can fork away. It is no
     * child of the command, which may wait for all of its own, holds none of its pipes, and lets no "kill 0" end it; nor
     * does what waits for the command's exit code. When that has ended by itself the watcher goes, and what it has left in
     * the background stays.
     */
    private static final String SCRIPT = """
            exec 3<&0 </dev/null
            trap : HUP INT TERM
            (
              trap '' HUP INT TERM
              read -r _ <&3
              kill -KILL $$
              for stat in /proc/[0-9]*/stat; do
                read -r line <"$stat" || continue
                pid=${stat#/proc/}
                set -- ${line##*) }
                [ "$4" != $$ ] || [ "$3" = $$ ] || kill -KILL "${pid%/stat}"
              done
              kill -KILL 0
            ) >/dev/null 2>&1 &
            trap '{ kill -KILL $!; wait $!; } 2>/dev/null' EXIT
            (: >"$2" && exec /bin/sh -c "$0" 3<&-) <"$1"
            exit $?
            """;

    private final boolean sessions = Files.isExecutable(SETSID);

    /** Starts a command through the shell, with a parcel's body on its stdin, and its environment. */
    Process start(String command, Parcel parcel) throws IOException {
        ProcessBuilder builder = new ProcessBuilder();
        if (sessions) {
            builder.command(
                    SETSID.toString(),
                    "/bin/sh",
                    "-c",
                    SCRIPT,
                    command,
                    parcel.body().toString(),
                    parcel.begun().toString());
        } else {
            builder.command("/bin/sh", "-c", command)
                    .redirectInput(parcel.body().toFile());
        }
        parcel.putInto(builder.environment());
        return builder.start();
    }

    /** Whether a command has begun whose process has ended. */
    boolean hasBegun(Parcel parcel) {
        return !sessions || Files.exists(parcel.begun());
    }

    /** Ends it at once, with all that it started; nothing if it has ended, since what it left stays, or its pid is another's. */
    void kill(Process process) {
        if (!process.isAlive()) {
            return;
        }
        List<ProcessHandle> children;
        try (Stream<ProcessHandle> descendants = process.descendants()) {
            children = descendants.toList(); // once their parent is gone, nobody finds them
        }
        process.destroyForcibly(); // first, since a shell tells of children that are killed
        children.forEach(ProcessHandle::destroyForcibly);
        if (sessions) {
            killSession(process.pid());
            closed(process);
        }
    }

    /** Until none is found that was not there before: they may be starting others. */
    private static void killSession(long session) {
        Set<Long> killed = new HashSet<>();
        for (boolean more = true; more; ) {
            more = false;
            for (long pid : members(session)) {
                if (killed.add(pid)) {
                    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                    more = true;
                }
            }
        }
    }

    /** Lets the watcher look as well, where nobody tells us of processes. */
    private static void closed(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // it is closed all the same
        }
    }

    private static List<Long> members(long session) {
        Set<Long> members = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path one : all) {
                if (isMember(one.resolve("stat"), session)) {
                    members.add(Long.parseLong(one.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            // nobody tells
        }
        return List.copyOf(members);
    }

    private static boolean isMember(Path stat, long session) {
        try {
            String line = new String(Files.readAllBytes(stat), StandardCharsets.ISO_8859_1); // a name may be any bytes
            String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
            return fields[SESSION].equals(Long.toString(session)) && !fields[STATE].equals("Z");
        } catch (IOException e) {
            return false; // it has ended
        }
    }
}
