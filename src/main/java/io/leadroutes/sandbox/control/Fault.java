package io.leadroutes.sandbox.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One fault: what goes wrong, and which calls it hits.
 *
 * @param kind what happens
 * @param status for {@link Kind#STATUS}: the HTTP status answered
 * @param message for {@link Kind#STATUS}: the error text
 * @param durationMs for {@link Kind#SLOW_BODY}: how long the body takes
 * @param path only calls of this path count and are hit; empty for all
 * @param rate share of the calls that is hit, 0 to 1
 * @param calls the calls that are hit, by number, the first call after the setting being 1
 * @param contains only calls whose body contains this text count and are hit, in any case; empty for all
 * @param processed whether the call takes its effect (credits, records) before it goes wrong
 */
record Fault(Kind kind, int status, String message, long durationMs, String path, String contains, double rate,
        Set<Long> calls, boolean processed) {

    enum Kind {
        STATUS("status"), RESET("reset"), TRUNCATE("truncate"), SLOW_BODY("slow-body"), MALFORMED("malformed-json");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    private static final Set<String> KEYS = Set.of("kind", "status", "message", "durationMs", "path", "contains", "rate",
            "calls", "processed");

    static List<Fault> listOf(JsonNode node) {
        if (!node.isArray()) {
            throw new SettingException("a list of faults is wanted, not " + node);
        }
        List<Fault> faults = new ArrayList<>();
        node.forEach(each -> faults.add(of(each)));
        return List.copyOf(faults);
    }

    private static Fault of(JsonNode node) {
        node.fieldNames().forEachRemaining(name -> {
            if (!KEYS.contains(name)) {
                throw new SettingException("unknown key '" + name + "' of a fault; known are "
                        + KEYS.stream().sorted().toList());
            }
        });
        Kind kind = null;
        for (Kind each : Kind.values()) {
            kind = each.word().equals(node.path("kind").asText()) ? each : kind;
        }
        if (kind == null) {
            throw new SettingException("kind is one of status, reset, truncate, slow-body, malformed-json, not "
                    + node.path("kind"));
        }
        if (!node.has("rate") && !node.has("calls")) {
            throw new SettingException("a fault needs a rate (0 to 1) or a list of calls (from 1)");
        }
        double rate = node.path("rate").asDouble(0);
        if (rate < 0 || rate > 1) {
            throw new SettingException("rate is 0 to 1, not " + rate);
        }
        int status = node.path("status").asInt(500);
        if (status < 200 || status > 599) {
            throw new SettingException("status is 200 to 599, not " + status);
        }
        Set<Long> calls = new HashSet<>();
        node.path("calls").forEach(number -> calls.add(number.asLong()));
        boolean bodyFault = kind != Kind.STATUS && kind != Kind.RESET;
        return new Fault(kind, status, node.path("message").asText(""), node.path("durationMs").asLong(5_000),
                node.path("path").asText(""), node.path("contains").asText("").toLowerCase(Locale.ROOT), rate,
                Set.copyOf(calls), node.path("processed").asBoolean(bodyFault));
    }

    boolean concerns(Call call) {
        return (path.isEmpty() || path.equals(call.path()))
                && (contains.isEmpty() || call.body().toString().toLowerCase(Locale.ROOT).contains(contains));
    }

    boolean hits(long seed, int index, long number) {
        return calls.contains(number) || rate > 0 && Noise.unit(seed, index, number) < rate;
    }
}
