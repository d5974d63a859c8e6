package io.leadroutes.crm;

import io.leadroutes.rules.ActiveRules;
import io.leadroutes.rules.FieldMapping;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The field mappings of the rules in force ({@code rules/fields.yaml}). */
@ApplicationScoped
public class FieldMappings {

    private final ActiveRules rules;

    FieldMappings(ActiveRules rules) {
        this.rules = rules;
    }

    /** The mappings of one CRM object, in the order of the file. */
    public List<FieldMapping> of(String object) {
        return rules.current().fields().stream().filter(mapping -> mapping.object().equals(object)).toList();
    }
}
