package dev.hark.internal.engine.publish;

import dev.hark.Receipt;
import dev.hark.internal.engine.Publication;
import java.util.concurrent.CompletableFuture;

/**
 * A message under way.
 *
 * @param here whether its publisher waits for the receipt, and nothing else hangs on that
 * @param added when it was handed over, by {@code Env.nanos}
 */
record Pending(Publication publication, CompletableFuture<Receipt> receipt, boolean here, long added) {}
