package io.leadroutes.facts;

import io.leadroutes.lead.Enrichment;
import io.leadroutes.lead.Lead;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.rules.Facts;
import io.leadroutes.rules.Variable;
import io.leadroutes.rules.VariableTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Takes the variables of routing specification §1.2 from a lead and its enrichment.
 *
 * <p>What the lead says counts; where it is silent, ZoomInfo's answer does, for that is what the lead will say after
 * the write-back. What cannot be understood is unknown and leaves a warning. Accounts are not matched:
 * {@code account.match} is {@code failed}.
 */
@ApplicationScoped
public class LeadFacts {

    private static final String ATTRIBUTE = "lead.attr.";
    private static final String NO_SOURCE = "unknown";
    /** Salesforce writes offsets without a colon. */
    private static final DateTimeFormatter SALESFORCE_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss[.SSS]XX", Locale.ROOT);

    private final Places places = new Places();
    private final MailDomains domains = new MailDomains();
    /** Variable → key of a spelling → the value it means. */
    private final Map<String, Map<String, String>> spellings = new HashMap<>();

    public LeadFacts() {
        for (String line : DataFile.lines("values.csv")) {
            String[] row = line.split(";");
            spellings.computeIfAbsent(row[0], variable -> new HashMap<>()).put(DataFile.key(row[1]), row[2]);
        }
    }

    /**
     * @param at    the instant of the decision, for ages and the lead's wall clock
     * @param types the variables that the rules know; others are left out
     * @param suppressed whether the person stands on the list of suppressions
     */
    public FactSheet of(LeadEvent event, Instant at, VariableTable types, boolean suppressed) {
        return new Collector(event, at, types, suppressed).collect();
    }

    private final class Collector {

        private final LeadEvent event;
        private final Lead lead;
        private final Instant at;
        private final VariableTable types;
        private final Map<String, Object> person;
        private final Map<String, Object> company;
        private final String matchStatus;
        private final boolean suppressed;
        private final Map<String, Object> facts = new TreeMap<>();
        private final List<String> warnings = new ArrayList<>();

        Collector(LeadEvent event, Instant at, VariableTable types, boolean suppressed) {
            this.suppressed = suppressed;
            this.event = event;
            this.lead = event.lead();
            this.at = at;
            this.types = types;
            this.matchStatus = event.enrichment().map(Enrichment::matchStatus).orElse("");
            boolean found = event.enrichment().filter(Enrichment::personFound).isPresent();
            Map<String, Object> answer = event.enrichment().map(Enrichment::person).orElse(Map.of());
            this.person = found ? answer : Map.of();
            this.company = companyOf(answer);
        }

        FactSheet collect() {
            consent();
            place();
            mail();
            leadItself();
            person();
            company();
            declaredAttributes();
            put("account.match", "failed");
            put("account.ownerActive", false);
            put("account.type", "prospect");
            put("account.openOpportunity", false);
            put("intent.topics", List.of());
            return new FactSheet(Facts.of(facts), List.of(), warnings);
        }

        private void consent() {
            put("consent.optedOut", matchStatus.equals("OPT_OUT") || refuses("HasOptedOutOfEmail", "optedOut"));
            put("consent.doNotContact", refuses("DoNotContact", "doNotContact"));
            put("consent.doNotCall", refuses("DoNotCall", "doNotCall"));
            put("consent.suppressed", suppressed || matchStatus.equals("OPT_OUT"));
        }

        /** A consent mark that cannot be read counts as set. */
        private boolean refuses(String... names) {
            for (String name : names) {
                Optional<String> mark = Values.text(lead.attributes().get(name));
                if (mark.isPresent()) {
                    Optional<Boolean> read = Values.bool(mark.get());
                    if (read.isEmpty()) {
                        warnings.add("attribute " + name + " is neither true nor false; taken as true");
                    }
                    if (read.orElse(true)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private void place() {
            Optional<String> country = country("lead.country", lead.field("country"));
            Optional<String> enriched = country("", Values.text(person.get("country")));
            boolean silent = lead.field("country").isEmpty() && lead.field("state").isEmpty();
            boolean fill = silent || (country.isPresent() && country.equals(enriched));
            if (silent) {
                country = enriched;
            }
            Optional<String> state = state("lead.state", country, lead.field("state"));
            if (lead.field("state").isEmpty() && fill) {
                state = state("", country, Values.text(person.get("state")));
            }
            put("lead.country", country);
            put("lead.state", state);
            put("lead.city", lead.field("city").or(() -> fill ? Values.text(person.get("city")) : Optional.empty()));
            Optional<String> inCountry = country;
            put("lead.postalCode", lead.field("postalCode")
                    .or(() -> fill ? Values.text(person.get("zipCode")) : Optional.empty())
                    .flatMap(code -> Places.postalCode(inCountry, code)));
            Places.Zone zone = places.zone(country, state);
            ZonedDateTime local = at.atZone(zone.id());
            put("when.weekday", (long) local.getDayOfWeek().getValue());
            put("when.hour", (long) local.getHour());
            put("when.zoneKnown", zone.known());
        }

        private Optional<String> country(String variable, Optional<String> text) {
            Optional<String> code = text.flatMap(places::country);
            if (text.isPresent() && code.isEmpty() && !variable.isEmpty()) {
                warnings.add(variable + " is not a country that is known here");
            }
            return code;
        }

        private Optional<String> state(String variable, Optional<String> country, Optional<String> text) {
            Optional<String> code = country.flatMap(in -> text.flatMap(name -> places.state(in, name)));
            if (text.isPresent() && code.isEmpty() && !variable.isEmpty()) {
                warnings.add(variable + " is not a state of " + country.orElse("an unknown country")
                        + " that is known here");
            }
            return code;
        }

        private void mail() {
            MailDomains.Domain domain = lead.field("email").map(domains::ofAddress)
                    .orElse(new MailDomains.Domain(Optional.empty(), MailDomains.Kind.NONE));
            put("lead.emailDomain", domain.registrable());
            put("lead.emailKind", domain.kind().word());
        }

        private void leadItself() {
            put("lead.source", source());
            put("lead.campaign", lead.field("campaign"));
            put("lead.title", lead.field("title").or(() -> Values.text(person.get("jobTitle")))
                    .map(title -> title.strip().toLowerCase(Locale.ROOT)));
            put("lead.status", attribute("Status", "status"));
            put("lead.ownerId", attribute("OwnerId", "ownerId"));
            Instant created = attribute("CreatedDate", "createdDate").flatMap(LeadFacts::instant)
                    .orElse(event.receivedAt());
            long age = Math.floorDiv(ChronoUnit.SECONDS.between(created, at), 86_400L);
            put("lead.ageDays", Math.max(0, Math.min(36_500, age)));
            put("lead.isNew", attribute("isNew").flatMap(Values::bool).orElse(age <= 0));
        }

        private String source() {
            Optional<String> given = attribute("LeadSource", "leadSource", "source");
            Optional<String> source = given.flatMap(text -> closed("lead.source", text));
            if (source.isPresent()) {
                return source.get();
            }
            Optional<String> campaign = lead.field("campaign").flatMap(this::sourceOfCampaign);
            if (campaign.isEmpty() && given.isPresent()) {
                warnings.add("lead.source is none of the sources that the rules list");
            }
            return campaign.orElse(NO_SOURCE);
        }

        /** The longest name of a source that the campaign's name contains. */
        private Optional<String> sourceOfCampaign(String campaign) {
            String key = DataFile.key(campaign);
            Map<String, String> names = new TreeMap<>(spellings.get("lead.source"));
            types.find("lead.source").ifPresent(variable -> variable.values().stream()
                    .filter(value -> !value.equals(NO_SOURCE)).forEach(value -> names.put(DataFile.key(value), value)));
            return names.entrySet().stream().filter(name -> name.getKey().length() >= 4 && key.contains(name.getKey()))
                    .max(Map.Entry.comparingByKey((a, b) -> Integer.compare(a.length(), b.length())))
                    .flatMap(name -> closed("lead.source", name.getValue()));
        }

        private void person() {
            put("person.found", !person.isEmpty());
            put("person.managementLevel", mostSenior(Values.texts(person.get("managementLevel"), "name")));
            List<String> departments = new ArrayList<>(Values.texts(person.get("jobFunction"), "department"));
            departments.addAll(Values.texts(person.get("department"), "name"));
            put("person.department", firstKnown("person.department", departments));
            put("person.accuracy", number("person.accuracy", person.get("contactAccuracyScore")));
            put("person.hasEmail", has("email", "hasEmail"));
            put("person.hasDirectPhone", has("directPhone", "hasDirectPhone") || has("phone", "hasPhone"));
            put("person.hasMobilePhone", has("mobilePhone", "hasMobilePhone"));
            put("person.withinEu", Values.isTrue(person.get("withinEu")));
            put("person.withinCalifornia", Values.isTrue(person.get("withinCalifornia")));
            put("person.withinCanada", Values.isTrue(person.get("withinCanada")));
            put("person.hasMoved", Values.isTrue(person.get("personHasMoved"))
                    || Values.isTrue(person.get("hasMoved")));
        }

        /** Of several levels the one that the rules list first. */
        private Optional<String> mostSenior(List<String> levels) {
            List<String> order = types.find("person.managementLevel").map(Variable::values).orElse(List.of());
            List<String> known = levels.stream().map(level -> closed("person.managementLevel", level))
                    .flatMap(Optional::stream).toList();
            if (known.isEmpty() && !levels.isEmpty()) {
                warnings.add("person.managementLevel is none of the levels that the rules list");
            }
            return order.stream().filter(known::contains).findFirst()
                    .or(() -> known.stream().findFirst());
        }

        private boolean has(String field, String flag) {
            return Values.text(person.get(field)).isPresent() || Values.isTrue(person.get(flag));
        }

        private void company() {
            put("company.found", !company.isEmpty());
            List<String> industries = new ArrayList<>(Values.texts(company.get("primaryIndustry"), "name"));
            industries.addAll(Values.texts(company.get("industries"), "name"));
            put("company.industry", firstKnown("company.industry", industries));
            put("company.employees", number("company.employees", company.get("employeeCount")));
            put("company.revenueUsd", inRange("company.revenueUsd", revenue()));
            Optional<String> country = country("company.country", Values.text(company.get("country")));
            put("company.country", country);
            put("company.state", state("company.state", country, Values.text(company.get("state"))));
            put("company.technologies", Values.texts(company.get("techAttributes"), "product"));
            put("company.naics", Values.texts(company.get("naicsCodes"), "id"));
            put("company.isPublic", Values.text(company.get("type")).filter("public"::equalsIgnoreCase).isPresent());
        }

        /** In a contact's company {@code revenue} is words and {@code revenueNumeric} dollars; a bare number is thousands. */
        private Optional<Long> revenue() {
            Optional<Long> numeric = Values.number(company.get("revenueNumeric"));
            return numeric.isPresent() ? numeric
                    : company.get("revenue") instanceof Number thousands
                            ? Values.number(thousands).map(amount -> amount * 1_000)
                            : Values.dollars(company.get("revenue"));
        }

        private void declaredAttributes() {
            for (Variable variable : types.all()) {
                if (!variable.name().startsWith(ATTRIBUTE)) {
                    continue;
                }
                Object given = lead.attributes().get(variable.name().substring(ATTRIBUTE.length()));
                Optional<?> read = switch (variable.type()) {
                    case BOOL -> Values.bool(given);
                    case INT -> number(variable.name(), given);
                    case TEXT -> Values.text(given).flatMap(text -> variable.values().isEmpty() ? Optional.of(text)
                            : closed(variable.name(), text));
                    case LIST -> given == null ? Optional.empty() : Optional.of(Values.texts(given, "name"));
                };
                if (read.isEmpty() && Values.text(given).isPresent() && variable.type() != Variable.Type.INT) {
                    warnings.add(variable.name() + " has a value that its type does not allow");
                }
                read.ifPresent(value -> put(variable.name(), value));
            }
        }

        private Optional<Long> number(String variable, Object value) {
            Optional<Long> number = Values.number(value);
            if (number.isEmpty() && Values.text(value).isPresent()) {
                warnings.add(variable + " is not a whole number");
            }
            return inRange(variable, number);
        }

        private Optional<Long> inRange(String variable, Optional<Long> number) {
            Optional<Long> fitting = number.filter(n -> types.find(variable)
                    .filter(v -> v.min() <= n && n <= v.max()).isPresent());
            if (number.isPresent() && fitting.isEmpty()) {
                warnings.add(variable + " is outside its range");
            }
            return fitting;
        }

        private Optional<String> firstKnown(String variable, List<String> written) {
            Optional<String> known = written.stream().map(text -> closed(variable, text)).flatMap(Optional::stream)
                    .findFirst();
            if (known.isEmpty() && !written.isEmpty()) {
                warnings.add(variable + " is none of the values that the rules list");
            }
            return known;
        }

        /** The value of a closed list that a text means: spelled alike, a shipped other spelling, or its first part. */
        private Optional<String> closed(String variable, String text) {
            List<String> values = types.find(variable).map(Variable::values).orElse(List.of());
            Optional<String> exact = spelledAlike(values, DataFile.key(text));
            if (exact.isPresent()) {
                return exact;
            }
            String other = spellings.getOrDefault(variable, Map.of()).get(DataFile.key(text));
            if (other != null) {
                return spelledAlike(values, DataFile.key(other));
            }
            int dot = text.indexOf('.');
            return dot > 0 ? closed(variable, text.substring(0, dot)) : Optional.empty();
        }

        private Optional<String> attribute(String... names) {
            for (String name : names) {
                Optional<String> text = Values.text(lead.attributes().get(name));
                if (text.isPresent()) {
                    return text;
                }
            }
            return Optional.empty();
        }

        private void put(String variable, Optional<?> value) {
            value.ifPresent(known -> put(variable, known));
        }

        private void put(String variable, Object value) {
            if (types.find(variable).isPresent()) {
                facts.put(variable, value);
            }
        }
    }

    private static Optional<String> spelledAlike(List<String> values, String key) {
        return values.stream().filter(value -> DataFile.key(value).equals(key)).findFirst();
    }

    private static Map<String, Object> companyOf(Map<String, Object> answer) {
        Object given = answer.get("company");
        if (given instanceof List<?> list && !list.isEmpty()) {
            given = list.get(0);
        }
        Map<String, Object> company = new HashMap<>();
        if (given instanceof Map<?, ?> map) {
            map.forEach((key, value) -> company.put(key.toString(), value));
        }
        boolean found = Values.text(company.get("id")).isPresent() || Values.text(company.get("name")).isPresent();
        return found ? company : Map.of();
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            try {
                return Optional.of(OffsetDateTime.parse(text, SALESFORCE_TIME).toInstant());
            } catch (DateTimeException again) {
                return epochMillis(text);
            }
        }
    }

    /** A change event carries times as milliseconds since 1970. */
    private static Optional<Instant> epochMillis(String text) {
        return text.matches("\\d{11,14}") ? Optional.of(Instant.ofEpochMilli(Long.parseLong(text))) : Optional.empty();
    }
}
