/** The command {@code hark}. */
module dev.hark.cli {
    requires dev.hark;
    requires dev.hark.bench;
    requires dev.hark.devserver;
    requires dev.hark.proof;
    requires info.picocli;
    requires org.jline;
    requires tools.jackson.core;
    requires static transitive org.jspecify;

    // Options are injected; the demo's messages are records, written and read as JSON.
    opens dev.hark.cli to
            info.picocli,
            tools.jackson.databind;
}
