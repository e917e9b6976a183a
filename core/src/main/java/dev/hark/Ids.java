package dev.hark;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Ids of sessions, senders and batches: 96 random bits, so that none ever comes again. */
final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    static String next() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
