package dev.hark.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an expert would write by hand with the bare client: pipelined XADD; XREADGROUP COUNT 256; XACK and XDEL in one
 * pipeline. No retries, no leases, no bookkeeping. For bulk the bytes are prepared beforehand.
 */
final class FloorContender implements Contender {

    private static final String STREAM = "hark-bench-floor";
    private static final int BATCH = 256;

    private final String url;
    private final Connection publishing;
    private final JsonMapper json = new JsonMapper();
    private final ObjectReader reader = json.readerFor(Order.class);
    private final byte[] prepared;
    private final String filler;

    FloorContender(String url, int payload) {
        this.url = url;
        filler = Order.filler(payload);
        prepared = body(1);
        publishing = connect();
        makeGroup(STREAM);
    }

    private Connection connect() {
        return Server.connect(url);
    }

    private void makeGroup(String stream) {
        try {
            publishing.executeCommand(
                    new CommandArguments(Command.XGROUP).addObjects("CREATE", stream, "g", "0", "MKSTREAM"));
        } catch (JedisDataException e) {
            if (!String.valueOf(e.getMessage()).startsWith("BUSYGROUP")) {
                throw e;
            }
        }
    }

    private byte[] body(long id) {
        return json.writeValueAsBytes(Order.of(id, filler));
    }

    private static CommandArguments add(byte[] body) {
        return new CommandArguments(Command.XADD)
                .add(STREAM)
                .add("*")
                .add("body")
                .add(body);
    }

    @Override
    public void publishSingle(int messages) {
        for (int i = 0; i < messages; i++) {
            publish(i);
        }
    }

    @Override
    public void publish(long id) {
        publishing.executeCommand(add(body(id)));
    }

    @Override
    public void publishThreads(int messages) throws InterruptedException {
        Parallel.run(16, thread -> {
            try (Connection own = connect()) {
                for (int i = 0; i < messages / 16; i++) {
                    own.executeCommand(add(body(i)));
                }
            }
        });
    }

    @Override
    public void publishBulk(int messages) {
        for (int from = 0; from < messages; from += BATCH) {
            int n = Math.min(BATCH, messages - from);
            for (int i = 0; i < n; i++) {
                publishing.sendCommand(add(prepared));
            }
            publishing.getMany(n);
        }
    }

    @Override
    public void drain(int messages) {
        try (Connection own = connect()) {
            for (int handled = 0; handled < messages; ) {
                handled += handleBatch(own, 1_000, id -> {});
            }
        }
    }

    private int handleBatch(Connection own, int block, LongConsumer handler) {
        Object reply = own.executeCommand(new CommandArguments(Command.XREADGROUP)
                .addObjects("GROUP", "g", "c", "COUNT", BATCH, "BLOCK", block, "STREAMS", STREAM, ">"));
        if (reply == null) {
            return 0;
        }
        List<?> entries = (List<?>) ((List<?>) ((List<?>) reply).get(0)).get(1);
        CommandArguments ack = new CommandArguments(Command.XACK).add(STREAM).add("g");
        CommandArguments del = new CommandArguments(Command.XDEL).add(STREAM);
        for (Object entry : entries) {
            List<?> pair = (List<?>) entry;
            byte[] body = (byte[]) ((List<?>) pair.get(1)).get(1);
            Order order = reader.readValue(body);
            handler.accept(order.id());
            ack.add((byte[]) pair.get(0));
            del.add((byte[]) pair.get(0));
        }
        own.sendCommand(ack);
        own.sendCommand(del);
        own.getMany(2);
        return entries.size();
    }

    @Override
    public void both(int messages) throws InterruptedException {
        Parallel.run(2, thread -> {
            if (thread == 0) {
                publishBulk(messages);
            } else {
                drain(messages);
            }
        });
    }

    @Override
    public AutoCloseable listen(LongConsumer handler) {
        Connection own = connect();
        CountDownLatch ended = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                handleBatch(own, 100, handler);
            }
            own.close();
            ended.countDown();
        });
        return () -> {
            thread.interrupt();
            ended.await();
        };
    }

    @Override
    public AutoCloseable idle(int queues) {
        List<String> streams = new ArrayList<>();
        for (int i = 0; i < queues; i++) {
            streams.add(STREAM + "-" + i);
            makeGroup(STREAM + "-" + i);
        }
        Connection own = connect();
        CountDownLatch ended = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                CommandArguments read = new CommandArguments(Command.XREADGROUP)
                        .addObjects("GROUP", "g", "c", "COUNT", BATCH, "BLOCK", 500, "STREAMS")
                        .addObjects(streams);
                streams.forEach(stream -> read.add(">"));
                own.executeCommand(read);
            }
            own.close();
            ended.countDown();
        });
        return () -> {
            thread.interrupt();
            ended.await();
            streams.forEach(stream -> publishing.executeCommand(new CommandArguments(Command.DEL).add(stream)));
        };
    }

    @Override
    public Set<String> sentCommands() {
        return Set.of("xadd", "xreadgroup", "xack", "xdel");
    }

    @Override
    public void clear() {
        publishing.executeCommand(new CommandArguments(Command.DEL).add(STREAM));
        makeGroup(STREAM);
    }

    @Override
    public void close() {
        publishing.executeCommand(new CommandArguments(Command.DEL).add(STREAM));
        publishing.close();
    }
}
