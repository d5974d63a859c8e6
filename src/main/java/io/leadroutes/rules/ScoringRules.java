package io.leadroutes.rules;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code scoring.yaml}, checked.
 *
 * @param min    least total
 * @param max    greatest total, at most 1000
 * @param tiers  highest threshold first; the last one begins at {@code min}
 * @param fitAxis    axis whose sum the lead API shows as fit
 * @param intentAxis axis whose sum the lead API shows as intent
 */
public record ScoringRules(int min, int max, List<Axis> axes, List<Group> groups, List<Disqualifier> disqualifiers,
        List<Tier> tiers, Optional<Grade> grade, String fitAxis, String intentAxis) {

    /** Which rows of a group count. */
    public enum Hit {
        FIRST, SUM, MAX
    }

    /**
     * @param weight  percentage 0..100
     * @param combine SUM: the axis is the sum of its groups; MAX: the largest group alone
     */
    public record Axis(String id, int weight, int min, int max, Hit combine) {
    }

    /**
     * @param cap           upper limit of the group's sum
     * @param floor         lower limit of the group's sum
     * @param forEachEvent  true: rows are tried on each event
     */
    public record Group(String id, String axis, Hit hit, OptionalInt cap, int floor, boolean forEachEvent,
            List<Factor> factors, List<ScoreRow> rows) {
    }

    /**
     * @param points −1000..1000
     * @param reason words of the line; without them the line names the row
     */
    public record ScoreRow(String id, RowTest test, int points, Optional<Template> reason, Optional<String> note) {
    }

    /** A percentage that depends on a variable. */
    public record Factor(String variable, Curve curve, int otherwise) {
    }

    /** How a value becomes a percentage 0..100. */
    public sealed interface Curve {
    }

    /** Half-open bands [from, to); the first that contains the value counts. */
    public record Steps(List<Band> bands) implements Curve {
    }

    public record Band(long from, long to, int percent) {
    }

    /** Percentages by value, as text. */
    public record Lookup(Map<String, Integer> percents) implements Curve {
    }

    /** {@code floor(100·(to−v)/(to−from))}, clamped to 0..100. */
    public record Linear(long from, long to) implements Curve {
    }

    /** {@code round(100·2^(−v/days))}. */
    public record HalfLife(long days) implements Curve {
    }

    /**
     * @param route where a disqualified lead goes, as written; {@code none} ends the evaluation
     */
    public record Disqualifier(String id, Condition when, Optional<Template> reason, Optional<String> route) {
    }

    public record Tier(String id, int from) {
    }

    /** Two letters of a grade: the row label by one axis, the column label by another; highest threshold first. */
    public record Grade(String rowAxis, List<Tier> rows, String columnAxis, List<Tier> columns) {
    }
}
