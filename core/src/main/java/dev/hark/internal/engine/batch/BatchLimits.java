package dev.hark.internal.engine.batch;

import java.util.function.ToIntFunction;

/**
 * How much goes into one batch: items until their load or their bytes are used up. One that is too large goes alone.
 *
 * @param load what a batch may cost whom it is sent to, in the unit of {@code loadOf}
 * @param bytes how many bytes a batch may have
 * @param loadOf what an item costs
 * @param bytesOf how many bytes an item has
 */
public record BatchLimits<I>(int load, int bytes, ToIntFunction<I> loadOf, ToIntFunction<I> bytesOf) {

    /** Counts what goes into one batch. */
    final class Count {

        private int load;
        private long bytes;
        private boolean any;

        /** Counts an item in, unless the batch has no room for it. */
        boolean takes(I item) {
            int moreLoad = loadOf.applyAsInt(item);
            int moreBytes = bytesOf.applyAsInt(item);
            if (any && (load + moreLoad > BatchLimits.this.load || bytes + moreBytes > BatchLimits.this.bytes)) {
                return false;
            }
            add(moreLoad, moreBytes);
            return true;
        }

        /** Counts an item in, whether or not there is room for it. */
        void add(I item) {
            add(loadOf.applyAsInt(item), bytesOf.applyAsInt(item));
        }

        private void add(int moreLoad, int moreBytes) {
            load += moreLoad;
            bytes += moreBytes;
            any = true;
        }

        boolean full() {
            return load >= BatchLimits.this.load || bytes >= BatchLimits.this.bytes;
        }
    }
}
