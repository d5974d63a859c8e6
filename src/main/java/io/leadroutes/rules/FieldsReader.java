package io.leadroutes.rules;

import io.leadroutes.finding.Nearest;
import io.leadroutes.rules.FieldMapping.Policy;
import io.leadroutes.rules.Yaml.Mapping;
import io.leadroutes.rules.Yaml.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads {@code fields.yaml}: which CRM fields are filled from which ZoomInfo fields. */
final class FieldsReader extends RuleReader {

    private static final List<String> OBJECTS = List.of("Lead", "Contact", "Account");
    private static final List<String> POLICIES = Arrays.stream(Policy.values()).map(Policy::word).toList();
    private static final List<String> LATER_POLICIES = List.of("if-confidence", "if-source-rank-higher",
            "if-untouched-by-human", "append-to-set", "propose-only");
    private static final List<String> KEYS = List.of("field", "from", "policy", "because", "minDays");
    private static final List<String> LATER = List.of("when", "days", "max", "min", "lead", "reformat");
    private static final int MOST_DAYS = 3_650;
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
    /** Output fields of POST /enrich/company that the nested company does not have. */
    private static final List<String> WHOLE_COMPANY = List.of("domainList", "numberOfContactsInZoomInfo",
            "companyStatus", "companyStatusDate", "ultimateParentId", "ultimateParentName", "ultimateParentRevenue",
            "ultimateParentEmployees", "subUnitType", "primaryIndustryCode", "primarySubIndustryCode", "industryCodes",
            "parentId", "parentName", "locationCount", "metroArea", "lastUpdatedDate", "createdDate",
            "certificationDate", "certified", "recentFundingAmount", "recentFundingDate", "totalFundingAmount",
            "foundedYear", "businessModel", "isDefunct");

    FieldsReader(RuleFile file, Ids ids) {
        super(file, ids);
    }

    List<FieldMapping> read() {
        List<FieldMapping> mappings = new ArrayList<>();
        top(List.of("objects", "protectHumanDays")).ifPresent(top -> {
            int protectDays = value(top, "protectHumanDays")
                    .flatMap(days -> number(days, "protectHumanDays", 0, MOST_DAYS)).orElse(FieldMapping.PROTECT_DAYS);
            required(top, "objects").flatMap(objects -> object(objects, OBJECTS)).ifPresent(objects -> {
                Set<String> seen = new HashSet<>();
                objects.entries().forEach((name, entry) -> {
                    if (OBJECTS.contains(name)) {
                        for (Yaml item : list(entry.value())) {
                            mapping(name, item, protectDays, seen).ifPresent(mappings::add);
                        }
                    }
                });
            });
        });
        return mappings;
    }

    private Optional<FieldMapping> mapping(String object, Yaml item, int protectDays, Set<String> seen) {
        if (!(item instanceof Mapping mapping)) {
            object(item, KEYS);
            return Optional.empty();
        }
        mapping.entries().forEach((key, entry) -> {
            if (LATER.contains(key)) {
                file.report("V02", entry.key(), "the key \"" + key + "\" is not supported yet",
                        "no policy of now reads it", "Remove it");
            } else if (!KEYS.contains(key)) {
                file.report("V02", entry.key(), "the key \"" + key + "\" is not known here",
                        "a key that is not read would be ignored", Suggestion.of(key, KEYS));
            }
        });
        Optional<Policy> policy = required(mapping, "policy").flatMap(this::policy);
        policy.filter(given -> given == Policy.ALWAYS).ifPresent(given -> reason(mapping));
        Optional<Integer> minDays = value(mapping, "minDays").flatMap(days -> number(days, "minDays", 0, MOST_DAYS));
        if (policy.filter(given -> given != Policy.IF_NEWER).isPresent()) {
            value(mapping, "minDays").ifPresent(days -> file.report("V02", mapping.entries().get("minDays").key(),
                    "minDays does not go with the policy " + policy.get().word(), "only if-newer compares dates",
                    "Remove it"));
        }
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
        Optional<Scalar> from = required(mapping, "from").flatMap(this::scalar).filter(given -> source(object, given));
        return field.isPresent() && from.isPresent() && policy.isPresent()
                ? Optional.of(new FieldMapping(object, field.get().text(), from.get().text(), policy.get(),
                        minDays.orElse(FieldMapping.MIN_DAYS), protectDays)) : Optional.empty();
    }

    private Optional<Policy> policy(Yaml given) {
        String text = given instanceof Scalar scalar ? scalar.text() : "";
        if (LATER_POLICIES.contains(text)) {
            file.report("V06", given, "the policy " + text + " is not supported yet",
                    "the policies of now are " + String.join(", ", POLICIES), "Use fill-blank or if-newer");
            return Optional.empty();
        }
        return word(given, "policy", POLICIES).map(word -> Arrays.stream(Policy.values())
                .filter(policy -> policy.word().equals(word)).findFirst().orElseThrow());
    }

    /** Whoever lets edits of people be overwritten says why. */
    private void reason(Mapping mapping) {
        if (value(mapping, "because").isEmpty()) {
            file.report("V01", value(mapping, "policy").orElseThrow(), "the policy always has no because",
                    "it writes over what people typed, and they will ask why", "Add because: …, or use if-newer");
        } else {
            text(mapping, "because");
        }
    }

    private boolean source(String object, Scalar from) {
        String text = from.text();
        boolean person = text.startsWith("person.");
        if (!person && !text.startsWith("company.")) {
            file.report("V04", from, "\"" + text + "\" is not a ZoomInfo field",
                    "values come from the person or the company", "Write person.… or company.…");
            return false;
        }
        boolean account = object.equals("Account");
        if (person && account) {
            file.report("V04", from, "an account has no " + text, "it is a company and no person",
                    "Write company.…");
            return false;
        }
        String name = text.substring(text.indexOf('.') + 1);
        List<String> known = person ? PERSON : account
                ? Stream.concat(COMPANY.stream(), WHOLE_COMPANY.stream()).toList() : COMPANY;
        if (!known.contains(name)) {
            file.report("V04", from, "ZoomInfo has no field " + text, "it is not among the output fields",
                    Nearest.of(name, known).map(word -> "Did you mean " + (person ? "person." : "company.") + word)
                            .orElse(""));
        }
        return known.contains(name);
    }
}
