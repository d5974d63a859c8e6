package io.leadroutes.sandbox.world;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes of e-mail addresses and the mixing of seeds. */
final class Hashes {

    private Hashes() {
    }

    static String hex(String algorithm, String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A well mixed number that depends on both arguments. */
    static long mix(long a, long b) {
        long z = a + b * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Evenly in [0, bound). */
    static int below(long key, long salt, int bound) {
        return (int) Long.remainderUnsigned(mix(key, salt), bound);
    }

    /** Fills a pattern of {@code #} (digit; the first of a run is never 0 or 1) and {@code @} (capital letter). */
    static String fill(String pattern, long key) {
        StringBuilder out = new StringBuilder(pattern.length());
        long pool = mix(key, 77);
        boolean firstDigit = true;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '#') {
                int digit = (int) Long.remainderUnsigned(pool, 10);
                pool = mix(pool, i);
                out.append((char) ('0' + (firstDigit ? 2 + digit % 8 : digit)));
                firstDigit = false;
            } else if (c == '@') {
                out.append("ABCDEFGHJKLMNPRSTUVWXY".charAt((int) Long.remainderUnsigned(pool, 22)));
                pool = mix(pool, i);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
