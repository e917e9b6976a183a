package dev.hark.bench;

/** Runs the benchmark without the command line tool: {@code Main URL [messages [payload [concurrency]]]}. */
public final class Main {

    private Main() {}

    /** See the class. */
    public static void main(String[] args) throws Exception {
        int messages = args.length > 1 ? Integer.parseInt(args[1]) : 200_000;
        int payload = args.length > 2 ? Integer.parseInt(args[2]) : 100;
        int concurrency = args.length > 3 ? Integer.parseInt(args[3]) : 1_000;
        Options options = new Options(messages, payload, concurrency, true, 3);
        Report report = new Bench(args[0], options, phase -> System.err.println("… " + phase)).run();
        System.out.println(report.table());
        System.out.println(report.json());
    }
}
