package io.leadroutes.rules;

import static io.leadroutes.rules.Variable.Type.BOOL;
import static io.leadroutes.rules.Variable.Type.INT;
import static io.leadroutes.rules.Variable.Type.LIST;
import static io.leadroutes.rules.Variable.Type.TEXT;

import io.leadroutes.rules.Variable.Scope;
import io.leadroutes.rules.Variable.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Every variable rules may name: the built-in ones and those of {@code types.yaml}.
 * A variable that cannot be unknown has a value for the case that its fact is missing, except {@code consent.*},
 * {@code when.*} and {@code score.*}: there a missing fact is an error, so that a guard fails closed.
 */
public final class VariableTable {

    private static final List<String> COUNTRIES =
            Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2).stream().sorted().toList();

    private final Map<String, Variable> variables;

    private VariableTable(Map<String, Variable> variables) {
        this.variables = Collections.unmodifiableMap(variables);
    }

    /** The variables that exist without {@code types.yaml}; grades and tiers are whatever the scoring file names. */
    public static VariableTable builtIn() {
        Builder b = new Builder();
        b.closed("lead.source", List.of("demo_request", "pricing_inquiry", "free_trial", "product_signup",
                "content_download_high_intent", "content_download_low_intent", "webinar_attended",
                "webinar_registered", "newsletter_subscribe", "cold_inbound", "unknown"), "unknown");
        b.maybe(TEXT, "lead.campaign");
        b.maybeClosed("lead.country", COUNTRIES);
        b.maybe(TEXT, "lead.state", "lead.city", "lead.postalCode", "lead.title", "lead.emailDomain",
                "lead.companyCore", "lead.status", "lead.ownerId");
        b.closed("lead.emailKind", List.of("corporate", "free", "disposable", "hosted", "none"), "none");
        b.sure(BOOL, Boolean.FALSE, "lead.isNew");
        b.integer("lead.ageDays", 0, 36_500, false);
        b.missingIsAnError(BOOL, "consent.optedOut", "consent.doNotContact", "consent.doNotCall",
                "consent.suppressed");
        b.sure(BOOL, Boolean.FALSE, "person.found");
        b.maybeClosed("person.managementLevel",
                List.of("C-Level", "VP-Level", "Director", "Manager", "Non-Manager", "Board Member"));
        b.maybeClosed("person.department", List.of("C-Suite", "Finance", "Human Resources", "Sales", "Operations",
                "Information Technology", "Engineering & Technical", "Marketing", "Legal", "Medical & Health",
                "Other"));
        b.integer("person.accuracy", 0, 100, true);
        b.sure(BOOL, Boolean.FALSE, "person.hasEmail", "person.hasDirectPhone", "person.hasMobilePhone",
                "person.withinEu", "person.withinCalifornia", "person.withinCanada", "person.hasMoved",
                "company.found");
        b.maybeClosed("company.industry", List.of("Agriculture", "Business Services", "Construction",
                "Consumer Services", "Cultural", "Education", "Energy, Utilities & Waste", "Finance", "Government",
                "Healthcare Services", "Holding Companies & Conglomerates", "Hospitality",
                "Hospitals & Physicians Clinics", "Insurance", "Law Firms & Legal Services", "Manufacturing",
                "Media & Internet", "Minerals & Mining", "Organizations", "Real Estate", "Retail", "Software",
                "Telecommunications", "Transportation"));
        b.integer("company.employees", 0, 10_000_000, true);
        b.integer("company.revenueUsd", 0, 10_000_000_000_000L, true);
        b.maybeClosed("company.country", COUNTRIES);
        b.maybe(TEXT, "company.state");
        b.sure(LIST, List.of(), "company.technologies", "company.naics");
        b.sure(BOOL, Boolean.FALSE, "company.isPublic");
        b.closed("account.match", List.of("resolved", "verified", "ambiguous", "failed"), "failed");
        b.maybe(TEXT, "account.name", "account.ownerId");
        b.sure(BOOL, Boolean.FALSE, "account.ownerActive");
        b.closed("account.type", List.of("prospect", "customer", "partner", "competitor"), "prospect");
        b.sure(BOOL, Boolean.FALSE, "account.openOpportunity");
        b.maybe(TEXT, "account.tier", "account.segment", "account.territory");
        b.sure(LIST, List.of(), "intent.topics");
        b.integer("intent.bestScore", 0, 100, true);
        b.maybeClosed("intent.audience", List.of("A", "B", "C", "D", "E"));
        b.integer("intent.ageDays", 0, 36_500, true);
        b.add(new Variable("event.kind", TEXT, false, List.of("merger", "funding", "c-suite-hire", "product-launch",
                "hiring-surge", "earnings", "partnership", "new-facility", "pain-point", "person-move", "press"),
                0, 0, Optional.empty(), Scope.EVENT));
        b.add(new Variable("event.ageDays", INT, false, List.of(), 0, 36_500, Optional.empty(), Scope.EVENT));
        b.add(new Variable("event.seatFits", BOOL, false, List.of(), 0, 0, Optional.of(Boolean.FALSE), Scope.EVENT));
        b.add(new Variable("score.total", INT, false, List.of(), 0, 1000, Optional.empty(), Scope.SCORE));
        for (String axis : List.of("score.fit", "score.intent", "score.engagement", "score.source")) {
            b.add(new Variable(axis, INT, false, List.of(), -1000, 1000, Optional.empty(), Scope.SCORE));
        }
        b.add(new Variable("score.grade", TEXT, false, List.of("DQ"), 0, 0, Optional.empty(), Scope.SCORE));
        b.add(new Variable("score.tier", TEXT, false, List.of("DQ"), 0, 0, Optional.empty(), Scope.SCORE));
        b.add(new Variable("score.disqualified", BOOL, false, List.of(), 0, 0, Optional.empty(), Scope.SCORE));
        b.add(new Variable("when.weekday", INT, false, List.of(), 1, 7, Optional.empty(), Scope.EVERYWHERE));
        b.add(new Variable("when.hour", INT, false, List.of(), 0, 23, Optional.empty(), Scope.EVERYWHERE));
        b.sure(BOOL, Boolean.FALSE, "when.zoneKnown");
        return new VariableTable(b.variables);
    }

    /** The variable of that name. */
    public Optional<Variable> find(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    /** All variables in the order of the specification, those of {@code types.yaml} last. */
    public Collection<Variable> all() {
        return variables.values();
    }

    Variable get(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no variable " + name));
    }

    VariableTable and(Collection<Variable> more) {
        Map<String, Variable> all = new LinkedHashMap<>(variables);
        more.forEach(variable -> all.put(variable.name(), variable));
        return new VariableTable(all);
    }

    VariableTable withValues(String name, List<String> more) {
        Variable old = get(name);
        List<String> values = new ArrayList<>(old.values());
        more.stream().filter(value -> !values.contains(value)).forEach(values::add);
        return and(List.of(new Variable(name, old.type(), old.mayBeUnknown(), values, old.min(), old.max(),
                old.fallback(), old.scope())));
    }

    private static final class Builder {

        private final Map<String, Variable> variables = new LinkedHashMap<>();

        private void add(Variable variable) {
            variables.put(variable.name(), variable);
        }

        private void maybe(Type type, String... names) {
            for (String name : names) {
                add(new Variable(name, type, true, List.of(), 0, 0, Optional.empty(), Scope.EVERYWHERE));
            }
        }

        private void sure(Type type, Object fallback, String... names) {
            for (String name : names) {
                add(new Variable(name, type, false, List.of(), 0, 0, Optional.of(fallback), Scope.EVERYWHERE));
            }
        }

        private void missingIsAnError(Type type, String... names) {
            for (String name : names) {
                add(new Variable(name, type, false, List.of(), 0, 0, Optional.empty(), Scope.EVERYWHERE));
            }
        }

        private void closed(String name, List<String> values, String fallback) {
            add(new Variable(name, TEXT, false, values, 0, 0, Optional.of(fallback), Scope.EVERYWHERE));
        }

        private void maybeClosed(String name, List<String> values) {
            add(new Variable(name, TEXT, true, values, 0, 0, Optional.empty(), Scope.EVERYWHERE));
        }

        private void integer(String name, long min, long max, boolean mayBeUnknown) {
            add(new Variable(name, INT, mayBeUnknown, List.of(), min, max,
                    mayBeUnknown ? Optional.empty() : Optional.of((Object) min), Scope.EVERYWHERE));
        }
    }
}
