package io.leadroutes.crm;

import io.leadroutes.crm.FieldHistory.Written;
import io.leadroutes.rules.FieldMapping;
import io.leadroutes.rules.FieldMapping.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which fields of a record take ZoomInfo's value (routing specification, 6.3). A value is never replaced by
 * nothing, and never by itself.
 */
public final class FieldPolicies {

    private FieldPolicies() {
    }

    /**
     * A record as it is in the CRM.
     *
     * @param fields       by API name; empty for a record that is not there yet
     * @param lastModified when anybody last changed it
     * @param written      what we last wrote to its fields
     */
    public record Current(Map<String, ?> fields, Optional<Instant> lastModified, Map<String, Written> written) {

        /** A record that is not there yet. */
        public static final Current NEW = new Current(Map.of(), Optional.empty(), Map.of());
    }

    /** Why a field is left as it is. */
    public enum Kept {
        /** The rules say never. */
        NEVER,
        /** It has a value, and only blanks are filled. */
        FILLED,
        /** It says the same already. */
        SAME,
        /** Its value says more than ZoomInfo's. */
        LESS_SPECIFIC,
        /** Somebody changed it after we wrote it. */
        HUMAN_EDIT,
        /** It is at least as new as ZoomInfo's value. */
        NOT_NEWER,
        /** It is not known which is newer. */
        NO_DATE
    }

    /**
     * What to write and what to leave.
     *
     * @param fields the fields to write, in the order of the mappings
     * @param dates  of those fields, where ZoomInfo dates the value
     * @param kept   the fields that had a chance, with the reason for leaving them
     */
    public record Decision(Map<String, Object> fields, Map<String, Instant> dates, Map<String, Kept> kept) {
    }

    /**
     * @param mappings of the record's object; the first mapping of a field that has a value counts
     * @param changed  names of the ZoomInfo fields that may be taken over; empty for all
     */
    public static Decision decide(List<FieldMapping> mappings, Profile profile, Collection<String> changed,
            Current current, Instant now) {
        Decision decision = new Decision(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        for (FieldMapping mapping : mappings) {
            String field = mapping.field();
            if (!concerns(changed, mapping.from()) || decision.fields().containsKey(field)
                    || decision.kept().containsKey(field)) {
                continue;
            }
            profile.value(mapping.from()).ifPresent(value -> {
                Optional<Instant> date = profile.date(mapping.from());
                Optional<Kept> kept = kept(mapping, value, date, profile.news().isPresent(), current, now);
                kept.ifPresent(why -> decision.kept().put(field, why));
                if (kept.isEmpty()) {
                    decision.fields().put(field, value);
                    date.ifPresent(at -> decision.dates().put(field, at));
                }
            });
        }
        return decision;
    }

    /** ZoomInfo names attributes without their record; {@code company} alone means all of it. */
    private static boolean concerns(Collection<String> changed, String from) {
        return changed.isEmpty() || changed.stream().map(name -> name.toLowerCase(Locale.ROOT)).anyMatch(name -> {
            String whole = from.toLowerCase(Locale.ROOT);
            return name.equals(whole) || whole.endsWith("." + name) || whole.startsWith(name + ".")
                    // Flat names of the company's fields, as in a request: companyName.
                    || whole.startsWith("company.") && name.equals("company" + whole.substring("company.".length()))
                    || revenue(name) && revenue(whole);
        });
    }

    private static boolean revenue(String name) {
        return name.replace("company.", "").replace("numeric", "").equals("revenue");
    }

    private static Optional<Kept> kept(FieldMapping mapping, Object value, Optional<Instant> date, boolean news,
            Current current, Instant now) {
        Object present = current.fields().get(mapping.field());
        if (mapping.policy() == Policy.NEVER) {
            return Optional.of(Kept.NEVER);
        }
        if (FieldValues.same(value, present)) {
            return Optional.of(Kept.SAME);
        }
        if (mapping.policy() == Policy.ALWAYS) {
            return Optional.empty();
        }
        Optional<Written> written = Optional.ofNullable(current.written().get(mapping.field()));
        boolean ours = written.isPresent() && written.get().is(present);
        if (written.isPresent() && !ours && protectedAt(mapping, current, now)) {
            return Optional.of(Kept.HUMAN_EDIT);
        }
        if (FieldValues.blank(present)) {
            return Optional.empty();
        }
        if (mapping.policy() == Policy.FILL_BLANK) {
            return Optional.of(Kept.FILLED);
        }
        if (FieldValues.lessSpecific(value, present)) {
            return Optional.of(Kept.LESS_SPECIFIC);
        }
        if (ours && news) {
            // ZoomInfo says that its own value has changed; only news that come late are none.
            return date.isPresent() && written.get().date().filter(date.get()::isBefore).isPresent()
                    ? Optional.of(Kept.NOT_NEWER) : Optional.empty();
        }
        // A value that we did not write was there at the latest when the record was last changed.
        Optional<Instant> known = ours ? written.map(one -> one.date().orElse(one.at())) : current.lastModified();
        if (date.isEmpty() || known.isEmpty()) {
            return Optional.of(Kept.NO_DATE);
        }
        return date.get().isBefore(known.get().plus(Duration.ofDays(mapping.minDays()))) ? Optional.of(Kept.NOT_NEWER)
                : Optional.empty();
    }

    /** A change of unknown date counts as a recent one. */
    private static boolean protectedAt(FieldMapping mapping, Current current, Instant now) {
        return mapping.protectDays() > 0 && current.lastModified()
                .map(at -> at.plus(Duration.ofDays(mapping.protectDays())).isAfter(now)).orElse(true);
    }
}
