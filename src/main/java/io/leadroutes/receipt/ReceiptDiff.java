package io.leadroutes.receipt;

import io.leadroutes.receipt.Receipt.Line;
import io.leadroutes.receipt.Receipt.Scored;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Why a lead's score changed from one receipt to another.
 *
 * @param facts facts that differ
 * @param lines lines that were added, removed or have other points; their differences sum to {@code total}
 * @param total change of the total
 */
public record ReceiptDiff(List<ChangedFact> facts, List<ChangedLine> lines, BigDecimal total) {

    /** An empty side is unknown. */
    public record ChangedFact(String variable, Optional<Object> before, Optional<Object> after) {
    }

    /**
     * @param before points, empty for a line that was added
     * @param after  points, empty for a line that was removed
     */
    public record ChangedLine(String rule, Optional<String> group, Optional<BigDecimal> before,
            Optional<BigDecimal> after) {

        /** After minus before. */
        public BigDecimal difference() {
            return after.orElse(BigDecimal.ZERO).subtract(before.orElse(BigDecimal.ZERO));
        }
    }

    private record LineKey(String rule, Optional<String> group, Optional<String> axis, int occurrence) {
    }

    /** Compares two receipts; one without a score counts as a score of 0 without lines. */
    public static ReceiptDiff of(Receipt before, Receipt after) {
        SortedSet<String> variables = new TreeSet<>(before.facts().keySet());
        variables.addAll(after.facts().keySet());
        List<ChangedFact> facts = new ArrayList<>();
        for (String variable : variables) {
            Object old = before.facts().get(variable);
            Object now = after.facts().get(variable);
            if (!Objects.equals(text(old), text(now))) {
                facts.add(new ChangedFact(variable, Optional.ofNullable(old), Optional.ofNullable(now)));
            }
        }
        Map<LineKey, BigDecimal> old = points(before);
        Map<LineKey, BigDecimal> now = points(after);
        List<LineKey> keys = new ArrayList<>(old.keySet());
        now.keySet().stream().filter(key -> !old.containsKey(key)).forEach(keys::add);
        List<ChangedLine> lines = new ArrayList<>();
        for (LineKey key : keys) {
            ChangedLine line = new ChangedLine(key.rule(), key.group(), Optional.ofNullable(old.get(key)),
                    Optional.ofNullable(now.get(key)));
            if (line.before().isEmpty() || line.after().isEmpty() || line.difference().signum() != 0) {
                lines.add(line);
            }
        }
        return new ReceiptDiff(List.copyOf(facts), List.copyOf(lines), total(after).subtract(total(before)));
    }

    /** Stored numbers come back in another Java type; as texts they compare. */
    private static String text(Object value) {
        return value == null ? null : value.getClass() == String.class ? "'" + value : value.toString();
    }

    private static BigDecimal total(Receipt receipt) {
        return BigDecimal.valueOf(receipt.score().map(Scored::total).orElse(0));
    }

    private static Map<LineKey, BigDecimal> points(Receipt receipt) {
        Map<LineKey, BigDecimal> points = new LinkedHashMap<>();
        for (Line line : receipt.score().map(Scored::lines).orElse(List.of())) {
            int occurrence = 0;
            while (points.containsKey(new LineKey(line.rule(), line.group(), line.axis(), occurrence))) {
                occurrence++;
            }
            points.put(new LineKey(line.rule(), line.group(), line.axis(), occurrence), line.points());
        }
        return points;
    }
}
