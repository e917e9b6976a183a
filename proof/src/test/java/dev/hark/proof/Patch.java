package dev.hark.proof;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Takes a defence out of Hark for the children of one run: a copy of one file, with an exact replacement of a text that
 * stands there once, in a folder that comes before the class path. The product itself has no switches for this.
 */
final class Patch {

    private static final Path CORE = Path.of("..", "core", "src", "main");

    private Patch() {}

    /** A changed script. */
    static Path script(Path dir, String script, String text, String replacement) throws IOException {
        String name = "dev/hark/internal/redis/scripts/" + script + ".lua";
        try (InputStream in = Patch.class.getClassLoader().getResourceAsStream(name)) {
            String source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Path target = dir.resolve(name);
            Files.createDirectories(target.getParent());
            Files.writeString(target, replace(source, text, replacement));
            return dir;
        }
    }

    /** A changed class, as {@code engine/Reaper}. */
    static Path type(Path dir, String type, String text, String replacement) throws IOException {
        Path original = CORE.resolve("java/dev/hark/internal/" + type + ".java");
        Path copy = dir.resolve("source").resolve(type + ".java");
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, replace(Files.readString(original), text, replacement));
        Path classes = Files.createDirectories(dir.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options =
                    List.of("-cp", System.getProperty("java.class.path"), "-d", classes.toString(), "-proc:none");
            boolean compiled = compiler.getTask(errors, files, null, options, null, files.getJavaFileObjects(copy))
                    .call();
            if (!compiled) {
                throw new IllegalStateException(errors.toString());
            }
        }
        return classes;
    }

    private static String replace(String source, String text, String replacement) {
        int at = source.indexOf(text);
        if (at < 0 || source.indexOf(text, at + 1) >= 0) {
            throw new IllegalStateException("'" + text + "' must be there once: the control wants to be written anew");
        }
        return source.replace(text, replacement);
    }
}
