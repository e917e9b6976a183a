package dev.hark.examples;

/** Which Redis the examples use. */
final class Url {

    private Url() {}

    static String of(String[] args) {
        return args.length > 0 ? args[0] : "redis://localhost:6379";
    }
}
