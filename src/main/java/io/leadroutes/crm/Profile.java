package io.leadroutes.crm;

import io.leadroutes.crm.CrmUpdate.Kind;
import io.leadroutes.lead.Enrichment;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What ZoomInfo says about a person and the company, or about a company alone.
 *
 * @param person  empty for a company alone
 * @param company empty without one
 * @param news    when it was told that something changed; the date of values without one, empty if they just have none
 */
public record Profile(Map<String, Object> person, Map<String, Object> company, Optional<Instant> news) {

    /** Dates as ZoomInfo writes them, in samples of its documentation: {@code 6/19/2020 1:41 PM}, {@code 06/19/2020}. */
    private static final List<DateTimeFormatter> TIMES = Stream.of("M/d/uuuu h:mm a", "M/d/uuuu H:mm", "M/d/uu H:mm",
            "uuuu-MM-dd HH:mm:ss", "MM-dd-uuuu'T'HH:mm:ss.SSS'Z'")
            .map(pattern -> DateTimeFormatter.ofPattern(pattern, Locale.US)).toList();
    private static final List<DateTimeFormatter> DAYS = List.of(DateTimeFormatter.ofPattern("M/d/uuuu", Locale.US),
            DateTimeFormatter.ISO_LOCAL_DATE);
    /** Answered as texts by some operations. */
    private static final Set<String> SWITCHES = Set.of("withinEu", "withinCalifornia", "withinCanada",
            "directPhoneDoNotCall", "mobilePhoneDoNotCall", "certified", "isDefunct");

    /** The answer for a lead of the main job. */
    public static Profile of(Enrichment enrichment) {
        return new Profile(enrichment.person(), enrichment.company(), Optional.empty());
    }

    /** The profile of an update; where it names what changed, that is as new as the update. */
    @SuppressWarnings("unchecked")
    public static Profile of(QueuedUpdate queued) {
        CrmUpdate update = queued.update();
        Optional<Instant> news = update.changedAttributes().isEmpty() ? Optional.empty()
                : Optional.of(queued.createdAt());
        if (update.kind() == Kind.COMPANY || update.kind() == Kind.SIGNAL) {
            return new Profile(Map.of(), update.profile(), news);
        }
        return new Profile(update.profile(), update.profile().get("company") instanceof Map<?, ?> company
                ? (Map<String, Object>) company : Map.of(), news);
    }

    /**
     * The value of a field, as the CRM takes it; empty when it says nothing.
     *
     * @param from {@code person.…} or {@code company.…}
     */
    public Optional<Object> value(String from) {
        String name = from.substring(from.indexOf('.') + 1);
        Map<String, Object> record = from.startsWith("company.") ? company : person;
        Object value = record.get(name);
        if (name.equals("revenueNumeric") && value == null && record.get("revenue") instanceof Number thousands) {
            // POST /enrich/company tells revenue in thousands and has no such field.
            value = thousands.longValue() * 1_000;
        }
        if (value instanceof Number id && (name.equals("id") || name.endsWith("Id"))) {
            // Ids are numbers there and texts in a CRM.
            return Optional.of(id.toString());
        }
        if (SWITCHES.contains(name) && value instanceof String text) {
            return text.equalsIgnoreCase("true") ? Optional.of(true)
                    : text.equalsIgnoreCase("false") ? Optional.of(false) : Optional.empty();
        }
        if (name.endsWith("Date") && value instanceof String text) {
            return time(text).map(time -> time.atZone(ZoneOffset.UTC).toLocalDate().toString());
        }
        return FieldValues.worthWriting(value);
    }

    /** The later of the days on which ZoomInfo validated and last changed what the field comes from. */
    public Optional<Instant> date(String from) {
        Stream<Map<String, Object>> dated = from.startsWith("company.") && (company.containsKey("lastUpdatedDate")
                || person.isEmpty()) ? Stream.of(company) : Stream.of(person);
        return dated.flatMap(record -> Stream.of("validDate", "lastUpdatedDate").map(record::get))
                .filter(Objects::nonNull).flatMap(date -> time(date.toString()).stream())
                .max(Instant::compareTo).or(() -> news);
    }

    /** A time as ZoomInfo or Salesforce write it, taken for UTC where no zone is given; empty if it is none. */
    public static Optional<Instant> time(String text) {
        String date = text.strip();
        if (date.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(date.replaceAll("([+-]\\d{2})(\\d{2})$", "$1:$2")).toInstant());
        } catch (DateTimeException e) {
            return TIMES.stream().flatMap(format -> local(date, format).stream()).findFirst();
        }
    }

    private static Optional<Instant> local(String date, DateTimeFormatter format) {
        try {
            return Optional.of(LocalDateTime.parse(date.toUpperCase(Locale.US), format).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return DAYS.stream().flatMap(day -> day(date, day).stream()).findFirst();
        }
    }

    private static Optional<Instant> day(String date, DateTimeFormatter format) {
        try {
            return Optional.of(LocalDate.parse(date, format).atStartOfDay().toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
