package io.leadroutes.rules;

import io.leadroutes.finding.Nearest;
import io.leadroutes.rules.Yaml.Mapping;
import io.leadroutes.rules.Yaml.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code fields.yaml}: which CRM fields are filled from which ZoomInfo fields. */
final class FieldsReader extends RuleReader {

    private static final List<String> POLICIES = List.of("never", "fill-blank", "always", "if-newer", "if-confidence",
            "if-source-rank-higher", "if-untouched-by-human", "append-to-set", "propose-only");
    private static final List<String> LATER = List.of("when", "days", "max", "min", "minDays", "lead", "because",
            "reformat");
    /** Output fields of POST /enrich/contact that hold one value. */
    private static final List<String> PERSON = List.of("id", "firstName", "middleName", "lastName", "email",
            "supplementalEmail", "phone", "directPhone", "mobilePhone", "street", "city", "region", "metroArea",
            "zipCode", "state", "country", "continent", "personHasMoved", "withinEu", "withinCalifornia",
            "withinCanada", "validDate", "lastUpdatedDate", "noticeProvidedDate", "salutation", "suffix", "jobTitle",
            "jobFunction", "managementLevel", "companyDivision", "picture", "contactAccuracyScore",
            "positionStartDate", "yearsOfExperience", "locationCompanyId", "directPhoneDoNotCall",
            "mobilePhoneDoNotCall");
    /** Fields of the company nested in the answer of POST /enrich/contact. */
    private static final List<String> COMPANY = List.of("id", "name", "division", "phone", "fax", "street", "city",
            "state", "zipCode", "country", "continent", "logo", "website", "revenue", "revenueNumeric",
            "employeeCount", "type", "ticker", "primaryIndustry", "industries", "revenueRange", "employeeRange",
            "descriptionList", "sicCodes", "naicsCodes", "ranking", "socialMediaUrls");

    FieldsReader(RuleFile file, Ids ids) {
        super(file, ids);
    }

    List<FieldMapping> read() {
        List<FieldMapping> mappings = new ArrayList<>();
        top(List.of("objects")).flatMap(top -> required(top, "objects"))
                .flatMap(objects -> object(objects, List.of("Lead"))).ifPresent(objects -> {
                    Set<String> seen = new HashSet<>();
                    objects.entries().forEach((name, entry) -> {
                        for (Yaml item : list(entry.value())) {
                            mapping(name, item, seen).ifPresent(mappings::add);
                        }
                    });
                });
        return mappings;
    }

    private Optional<FieldMapping> mapping(String object, Yaml item, Set<String> seen) {
        if (!(item instanceof Mapping mapping)) {
            object(item, List.of("field", "from", "policy"));
            return Optional.empty();
        }
        mapping.entries().forEach((key, entry) -> {
            if (LATER.contains(key)) {
                file.report("V02", entry.key(), "the key \"" + key + "\" is not supported yet",
                        "the one policy for now is fill-blank", "Remove it");
            } else if (!List.of("field", "from", "policy").contains(key)) {
                file.report("V02", entry.key(), "the key \"" + key + "\" is not known here",
                        "a key that is not read would be ignored",
                        Suggestion.of(key, List.of("field", "from", "policy")));
            }
        });
        required(mapping, "policy").flatMap(policy -> word(policy, "policy", POLICIES).filter(word ->
                !word.equals("fill-blank"))).ifPresent(word -> file.report("V06", value(mapping, "policy").orElseThrow(),
                "the policy " + word + " is not supported yet", "only blank fields are written for now",
                "Use fill-blank"));
        Optional<Scalar> field = required(mapping, "field").flatMap(this::scalar);
        field.ifPresent(given -> {
            if (!given.text().matches("[A-Za-z][A-Za-z0-9_]{0,79}")) {
                file.report("V05", given, "\"" + given.text() + "\" is not the API name of a field",
                        "it begins with a letter and has letters, digits and _", "");
            } else if (!seen.add(object + "." + given.text())) {
                file.report("V03", given, "the field " + given.text() + " is filled twice",
                        "only the first could ever be written", "Remove one");
            }
        });
        Optional<Scalar> from = required(mapping, "from").flatMap(this::scalar).filter(this::source);
        return field.isPresent() && from.isPresent()
                ? Optional.of(new FieldMapping(object, field.get().text(), from.get().text())) : Optional.empty();
    }

    private boolean source(Scalar from) {
        String text = from.text();
        boolean person = text.startsWith("person.");
        if (!person && !text.startsWith("company.")) {
            file.report("V04", from, "\"" + text + "\" is not a ZoomInfo field",
                    "values come from the person or the company", "Write person.… or company.…");
            return false;
        }
        String name = text.substring(text.indexOf('.') + 1);
        List<String> known = person ? PERSON : COMPANY;
        if (!known.contains(name)) {
            file.report("V04", from, "ZoomInfo has no field " + text, "it is not among the output fields",
                    Nearest.of(name, known).map(word -> "Did you mean " + (person ? "person." : "company.") + word)
                            .orElse(""));
        }
        return known.contains(name);
    }
}
