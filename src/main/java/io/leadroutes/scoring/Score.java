package io.leadroutes.scoring;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of scoring one lead.
 *
 * @param axes       axis id → axis sum before its weight
 * @param fit        axis sum that the API shows as fit
 * @param intent     axis sum that the API shows as intent
 * @param route      where a disqualifier sends the lead, as written in the rule ({@code queue:review}), if it says so
 */
public record Score(int total, String tier, String grade, boolean disqualified, Map<String, BigDecimal> axes,
        BigDecimal fit, BigDecimal intent, List<ScoreLine> lines, Optional<String> route) {
}
