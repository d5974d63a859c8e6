package io.leadroutes.scoring;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * One line of the score. The points of all lines sum to the total exactly.
 *
 * @param rule   row id, or {@code cap:<group>}, {@code cap:<axis>}, {@code cap:total}, {@code rounding}, a disqualifier's id
 * @param raw    points before factors and weight; empty for lines that are not a row
 * @param points weighted points, at most six decimal places, no trailing zeros
 */
public record ScoreLine(String rule, Optional<String> group, Optional<String> axis, Optional<BigDecimal> raw,
        BigDecimal points, String reason) {
}
