package io.leadroutes.sandbox.control;

import com.fasterxml.jackson.databind.JsonNode;

/** How long an answer is held back, in milliseconds, evenly drawn between the two ends. */
record Latency(long min, long max) {

    static Latency of(JsonNode node) {
        if (node.isIntegralNumber()) {
            return checked(node.asLong(), node.asLong());
        }
        if (node.isObject() && node.size() == 2 && node.path("min").isIntegralNumber()
                && node.path("max").isIntegralNumber()) {
            return checked(node.path("min").asLong(), node.path("max").asLong());
        }
        throw new SettingException("milliseconds or {\"min\":…,\"max\":…} are wanted, not " + node);
    }

    private static Latency checked(long min, long max) {
        if (min < 0 || max < min) {
            throw new SettingException("0 <= min <= max is wanted, not " + min + " and " + max);
        }
        return new Latency(min, max);
    }

    long draw(long seed, long call) {
        return min + (long) ((max - min + 1) * Noise.unit(seed, -1, call));
    }
}
