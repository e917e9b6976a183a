package dev.hark.devserver;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/** The slots of a cluster, as its specification has them: CRC16 of the key, or of its hash tag, modulo 16384. */
final class Slots {

    static final int COUNT = 16_384;

    private static final int POLYNOMIAL = 0x1021;

    private Slots() {}

    static int of(String key) {
        return crc16(tag(key).getBytes(StandardCharsets.UTF_8)) % COUNT;
    }

    /** The names of the slots of the n-th of so many masters. */
    static String[] share(int n, int masters) {
        return IntStream.range(COUNT * n / masters, COUNT * (n + 1) / masters)
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
    }

    /** What stands between the first brace and the next closing one, unless that is nothing. */
    private static String tag(String key) {
        int open = key.indexOf('{');
        int close = open < 0 ? -1 : key.indexOf('}', open);
        return close > open + 1 ? key.substring(open + 1, close) : key;
    }

    private static int crc16(byte[] bytes) {
        int crc = 0;
        for (byte b : bytes) {
            crc ^= (b & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = ((crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL) & 0xffff;
            }
        }
        return crc;
    }
}
