package io.leadroutes.facts;

import io.leadroutes.rules.Facts;
import java.util.List;

/**
 * A lead as the rules see it.
 *
 * @param facts    frozen
 * @param events   news and signals for {@code forEach: events}, each with its {@code event.*} variables
 * @param warnings what could not be understood and is unknown to the rules; holds no personal data
 */
public record FactSheet(Facts facts, List<Facts> events, List<String> warnings) {

    public FactSheet {
        events = List.copyOf(events);
        warnings = List.copyOf(warnings);
    }
}
