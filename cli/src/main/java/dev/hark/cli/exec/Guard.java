package dev.hark.cli.exec;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    private static final boolean SESSIONS = Files.isExecutable(SETSID);

    /** In what follows the name and its parenthesis in /proc/PID/stat: state, parent, group, session. */
    private static final int STATE = 0;

    private static final int GROUP = 2;
    private static final int SESSION = 3;

    /** For what cannot be killed, since it waits for a disk, say. */
    private static final int MOST_PASSES = 100;

    /**
     * $0 is the command, $1 its body, $2 a file that tells that the command has begun: made by the process that becomes it, so
     * that there is none where no process could be made for it. Its stdin is a pipe that nobody writes to, and which the system
     * closes when this process ends: then the watcher, $3, ends all. It has a session of its own, so that it can do so at one
     * stroke, and no "kill 0" ends it; it is no child of the command, which may wait for all of its own, and holds none of
     * its pipes. When the command has ended by itself the watcher goes, and what it has left in the background stays.
     */
    private static final String SCRIPT = """
            exec 3<&0 </dev/null
            trap : HUP INT TERM
            /usr/bin/setsid /bin/sh -c "$3" $$ <&3 3<&- >/dev/null 2>&1 &
            trap '{ kill -KILL $!; wait $!; } 2>/dev/null' EXIT
            (: >"$2" && exec /bin/sh -c -- "$0" 3<&-) <"$1"
            exit $?
            """;

    /**
     * Kills the session $0, a whole group at one stroke, so that nothing can fork away: first its own group, then those that
     * were made in it, as timeout(1) does, until there are none. A name may hold newlines, so each stat is read to its end.
     */
    private static final String WATCHER = """
            read -r _
            kill -KILL "-$0"
            pass=0
            more=yes
            while [ "$more" ] && [ $pass -lt 100 ]; do
              more=
              pass=$((pass + 1))
              for stat in /proc/[0-9]*/stat; do
                line=
                while read -r part; do line="$line $part"; done <"$stat"
                set -- ${line##*) }
                [ "$4" != "$0" ] || [ "$1" = Z ] || { kill -KILL "-$3" && more=yes; }
              done
            done
            """;

    /** What starts these words in a session of their own, where that can be done. */
    static List<String> inSession(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        if (SESSIONS) {
            all.addFirst(SETSID.toString());
        }
        return all;
    }

    /** Starts a command through the shell, with a parcel's body on its stdin, and its environment. */
    Process start(String command, Parcel parcel) throws IOException {
        ProcessBuilder builder = new ProcessBuilder();
        if (SESSIONS) {
            builder.command(inSession(
                    "/bin/sh",
                    "-c",
                    SCRIPT,
                    command,
                    parcel.body().toString(),
                    parcel.begun().toString(),
                    WATCHER));
        } else {
            builder.command("/bin/sh", "-c", "--", command)
                    .redirectInput(parcel.body().toFile());
        }
        parcel.putInto(builder.environment());
        return builder.start();
    }

    /** Whether a command has begun whose process has ended. */
    boolean hasBegun(Parcel parcel) {
        return !SESSIONS || Files.exists(parcel.begun());
    }

    /** Ends it at once, with all that it started; nothing if it has ended, since what it left stays, or its pid is another's. */
    void kill(Process process) {
        if (!process.isAlive()) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // else nothing could be read, and be found
        try {
            if (SESSIONS) {
                closed(process);
                killSession(process);
            } else {
                killTree(process);
            }
        } catch (InterruptedException e) {
            interrupted = true; // the watcher goes on
        } catch (IOException e) {
            process.destroyForcibly(); // there is no process to do it; the watcher does the rest
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void killTree(Process process) {
        List<ProcessHandle> children;
        try (Stream<ProcessHandle> descendants = process.descendants()) {
            children = descendants.toList(); // once their parent is gone, nobody finds them
        }
        process.destroyForcibly(); // first, since a shell tells of children that are killed
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** As the watcher does, which may be slow to begin: whoever gets the message next must be alone with it. */
    private static void killSession(Process leader) throws IOException, InterruptedException {
        Set<String> groups = Set.of(Long.toString(leader.pid()));
        for (int pass = 0; !groups.isEmpty() && pass < MOST_PASSES; pass++) {
            List<String> kill = new ArrayList<>(List.of("/bin/sh", "-c", "kill -KILL \"$@\"", "sh"));
            groups.forEach(group -> kill.add("-" + group));
            new ProcessBuilder(kill)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start()
                    .waitFor();
            groups = groups(Long.toString(leader.pid()));
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

    private static Set<String> groups(String session) {
        Set<String> groups = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path one : all) {
                String[] fields = fields(one.resolve("stat"));
                if (fields.length > SESSION && fields[SESSION].equals(session) && !fields[STATE].equals("Z")) {
                    groups.add(fields[GROUP]);
                }
            }
        } catch (IOException e) {
            // nobody tells
        }
        return groups;
    }

    /** None if it has ended. */
    private static String[] fields(Path stat) {
        try {
            String line = new String(Files.readAllBytes(stat), StandardCharsets.ISO_8859_1); // a name may be any bytes
            return line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
        } catch (IOException e) {
            return new String[0];
        }
    }
}
