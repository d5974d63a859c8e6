package io.leadroutes.prospect;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One list of {@code rules/prospects.yaml}.
 *
 * @param name        letters, digits and dashes; leads get the source {@code prospect:<name>}
 * @param every       how often it is brought up to date
 * @param criteria    as ZoomInfo's contact search takes them
 * @param minAccuracy least {@code contactAccuracyScore} of a preview that is wanted; 0 for any
 * @param has         what a preview must say it has: {@code Email}, {@code DirectPhone}, {@code MobilePhone}, …
 * @param fields      CRM fields of a new lead besides ZoomInfo's, for example a campaign
 * @param perRun      most credits of one run
 * @param total       most credits of all runs
 */
public record ProspectList(String name, boolean enabled, Duration every, Map<String, Object> criteria, int minAccuracy,
        List<String> has, Map<String, Object> fields, int perRun, int total) {

    boolean wants(Map<?, ?> preview) {
        Object accuracy = preview.get("contactAccuracyScore");
        return (minAccuracy == 0 || accuracy instanceof Number score && score.intValue() >= minAccuracy)
                && has.stream().allMatch(what -> Boolean.parseBoolean(String.valueOf(preview.get("has" + what))));
    }

    String source() {
        return "prospect:" + name;
    }
}
