package io.leadroutes.crm.salesforce;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** Fields of our mappings that this org does not have: found out by a refusal, reported once, left out from then on. */
@ApplicationScoped
class UnknownFields {

    private static final Logger LOG = Logger.getLogger(UnknownFields.class);
    private static final Pattern COLUMN = Pattern.compile("No such column '(\\w+)'");

    private final Map<String, Set<String>> byObject = new ConcurrentHashMap<>();

    Set<String> of(String object) {
        return byObject.computeIfAbsent(object, key -> ConcurrentHashMap.newKeySet());
    }

    /** The field that Salesforce's message says is not there. */
    static Optional<String> named(String message) {
        Matcher column = COLUMN.matcher(message);
        return column.find() ? Optional.of(column.group(1)) : Optional.empty();
    }

    /**
     * Leaves a field out from now on.
     *
     * @return true the first time
     */
    boolean report(String object, String field) {
        boolean first = of(object).add(field);
        if (first) {
            LOG.warnf("The Salesforce object %s has no field %s; it is left out from now on", object, field);
        }
        return first;
    }
}
