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

    // Options are injected.
    opens dev.hark.cli to
            info.picocli;
    opens dev.hark.cli.connect to
            info.picocli;
    opens dev.hark.cli.bench to
            info.picocli;
    opens dev.hark.cli.dead to
            info.picocli;
    opens dev.hark.cli.doctor to
            info.picocli;
    opens dev.hark.cli.listen to
            info.picocli;
    opens dev.hark.cli.prove to
            info.picocli;
    opens dev.hark.cli.publish to
            info.picocli;
    opens dev.hark.cli.queues to
            info.picocli;
    opens dev.hark.cli.redis to
            info.picocli;
    // The demo's messages are records, written and read as JSON.
    opens dev.hark.cli.demo to
            info.picocli,
            tools.jackson.databind;
}
