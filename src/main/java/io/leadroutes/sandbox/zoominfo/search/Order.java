package io.leadroutes.sandbox.zoominfo.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** Sorts many by a small number each, several times faster than by a comparator; equals keep their order. */
public final class Order {

    private Order() {
    }

    /** @param key not negative */
    public static <T> List<T> by(ToIntFunction<T> key, boolean ascending, List<T> items) {
        long[] keys = new long[items.size()];
        for (int i = 0; i < keys.length; i++) {
            long rank = key.applyAsInt(items.get(i));
            keys[i] = (ascending ? rank : Integer.MAX_VALUE - rank) << 32 | i;
        }
        Arrays.sort(keys);
        List<T> sorted = new ArrayList<>(keys.length);
        for (long each : keys) {
            sorted.add(items.get((int) each));
        }
        return sorted;
    }
}
