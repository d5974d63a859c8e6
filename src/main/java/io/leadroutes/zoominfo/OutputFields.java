package io.leadroutes.zoominfo;

import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Which output fields the account may ask for. One field that is not allowed fails a whole batch, so it is dropped
 * beforehand, with one warning.
 */
@Singleton
@Named("zoominfoOutputFields")
@Unremovable
public class OutputFields {

    private static final Logger LOG = Logger.getLogger(OutputFields.class);
    /** After a look-up that failed, calls go out unchecked for this long. */
    private static final Duration RETRY = Duration.ofMinutes(1);
    /** Contact fields that can be asked for although the look-up does not list them (zoominfo-api.md §6.2). */
    private static final Set<String> UNLISTED = Set.of("mobilephone", "directphone", "supplementalemail",
            "personalemail", "emailalt", "directphonealt", "mobilephonealt");

    private static final class Known {
        private Object rows;
        private Optional<Map<String, Boolean>> granted = Optional.empty();
        private Instant askAgain = Instant.MIN;
        private final Set<String> refused = ConcurrentHashMap.newKeySet();
        private final Set<String> warned = ConcurrentHashMap.newKeySet();
    }

    private final Map<String, Known> objects = new ConcurrentHashMap<>();
    private final Lookups lookups;
    private final Clock clock;

    @Inject
    OutputFields(Lookups lookups) {
        this(lookups, Clock.systemUTC());
    }

    OutputFields(Lookups lookups, Clock clock) {
        this.lookups = lookups;
        this.clock = clock;
    }

    /**
     * The wanted fields that may be asked for, in their order.
     *
     * @param object {@code contact} or {@code company}
     */
    public List<String> allowed(String object, Collection<String> wanted) {
        Known known = objects.computeIfAbsent(object, name -> new Known());
        Optional<Map<String, Boolean>> granted = granted(object, known);
        List<String> allowed = new ArrayList<>();
        List<String> dropped = new ArrayList<>();
        for (String field : wanted) {
            String name = field.toLowerCase(Locale.ROOT);
            boolean fine = !known.refused.contains(name)
                    && granted.map(map -> map.getOrDefault(name, UNLISTED.contains(name))).orElse(true);
            (fine ? allowed : dropped).add(field);
        }
        warn(object, known, dropped);
        return allowed;
    }

    /** Notes fields that ZoomInfo itself refused; they are dropped from now on. */
    public void refused(String object, Collection<String> fields) {
        Known known = objects.computeIfAbsent(object, name -> new Known());
        fields.forEach(field -> known.refused.add(field.toLowerCase(Locale.ROOT)));
        warn(object, known, fields);
    }

    private static void warn(String object, Known known, Collection<String> dropped) {
        Set<String> fresh = new TreeSet<>();
        for (String field : dropped) {
            if (known.warned.add(field.toLowerCase(Locale.ROOT))) {
                fresh.add(field);
            }
        }
        if (!fresh.isEmpty()) {
            LOG.warnf("Output fields of /enrich/%s dropped, because they are unknown or the account may not have them:"
                    + " %s", object, String.join(", ", fresh));
        }
    }

    private Optional<Map<String, Boolean>> granted(String object, Known known) {
        synchronized (known) {
            if (clock.instant().isBefore(known.askAgain)) {
                return known.granted;
            }
            try {
                Object rows = lookups.get("/lookup/outputfields/" + object + "/enrich", Map.of());
                if (rows != known.rows) {
                    known.granted = Optional.of(read(rows));
                    known.rows = rows;
                    known.refused.clear();
                }
            } catch (ZoomInfoException | RuntimeException e) {
                LOG.warnf("The output fields of /enrich/%s could not be looked up; calls go out unchecked: %s", object,
                        e.getMessage());
                known.askAgain = clock.instant().plus(RETRY);
            }
            return known.granted;
        }
    }

    /** {@code accessGranted} is a string, a boolean, or not there at all; then the field is listed and so granted. */
    private static Map<String, Boolean> read(Object answer) {
        if (!(answer instanceof List<?> rows) || rows.isEmpty()) {
            throw new IllegalStateException("the answer is not a list of fields");
        }
        Map<String, Boolean> granted = new ConcurrentHashMap<>();
        for (Object row : rows) {
            if (row instanceof Map<?, ?> field && field.get("fieldName") != null) {
                Object access = field.get("accessGranted");
                granted.put(field.get("fieldName").toString().toLowerCase(Locale.ROOT),
                        access == null || Boolean.parseBoolean(access.toString()));
            }
        }
        return granted;
    }
}
