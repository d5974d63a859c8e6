package io.leadroutes.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.crm.FieldHistory.Written;
import io.leadroutes.crm.FieldPolicies.Current;
import io.leadroutes.crm.FieldPolicies.Decision;
import io.leadroutes.crm.FieldPolicies.Kept;
import io.leadroutes.rules.FieldMapping;
import io.leadroutes.rules.FieldMapping.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldPoliciesTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String RECORD = "00QSb0000000001MAA";

    /**
     * Policy | value in the CRM | what we wrote there, as value@days (date at ZoomInfo) | last modified, days ago |
     * ZoomInfo's value | its date, days ago | what happens. A dash is nothing; {@code any} stands for every policy but
     * never.
     */
    private static final String TABLE = """
            any        | -         | -            | 10  | VP Sales  | 5   | WRITE
            any        | -         | -            | 10  | VP Sales  | -   | WRITE
            any        | -         | -            | -   | VP Sales  | -   | WRITE
            any        | n         | -            | 10  | -         | 5   | NOTHING
            any        | n         | -            | 10  | unknown   | 5   | NOTHING
            any        | VP Sales  | -            | 10  | VP Sales  | 5   | SAME
            any        | vp  sales | -            | 10  | VP Sales  | 5   | SAME
            any        | [not provided] | -       | 10  | VP Sales  | 5   | WRITE
            never      | -         | -            | 10  | VP Sales  | 5   | NEVER
            never      | Buyer     | -            | 10  | VP Sales  | 5   | NEVER
            fill-blank | Buyer     | -            | 10  | VP Sales  | 5   | FILLED
            fill-blank | Buyer     | -            | 900 | VP Sales  | 5   | FILLED
            fill-blank | Buyer     | Buyer@90     | 80  | VP Sales  | 5   | FILLED
            fill-blank | -         | Buyer@90     | 10  | VP Sales  | 5   | HUMAN_EDIT
            fill-blank | -         | Buyer@900    | 269 | VP Sales  | 5   | HUMAN_EDIT
            fill-blank | -         | Buyer@900    | 271 | VP Sales  | 5   | WRITE
            always     | Buyer     | -            | 10  | VP Sales  | 5   | WRITE
            always     | Buyer     | -            | 1   | VP Sales  | 500 | WRITE
            always     | Buyer     | -            | 1   | VP Sales  | -   | WRITE
            always     | Boss      | Buyer@90     | 1   | VP Sales  | 5   | WRITE
            always     | -         | Buyer@90     | 1   | VP Sales  | 5   | WRITE
            always     | VP Sales EMEA | -        | 1   | VP Sales  | 5   | WRITE
            if-newer   | Buyer     | -            | 10  | VP Sales  | 5   | WRITE
            if-newer   | Buyer     | -            | 10  | VP Sales  | 9   | WRITE
            if-newer   | Buyer     | -            | 10  | VP Sales  | 10  | NOT_NEWER
            if-newer   | Buyer     | -            | 10  | VP Sales  | 20  | NOT_NEWER
            if-newer   | Buyer     | -            | 0   | VP Sales  | 0   | NOT_NEWER
            if-newer   | Buyer     | -            | 10  | VP Sales  | -   | NO_DATE
            if-newer   | Buyer     | -            | -   | VP Sales  | 5   | NO_DATE
            if-newer   | Buyer     | Buyer@90     | 1   | VP Sales  | 5   | WRITE
            if-newer   | buyer     | Buyer@90     | 1   | VP Sales  | 5   | WRITE
            if-newer   | Buyer     | Buyer@5      | 1   | VP Sales  | 5   | NOT_NEWER
            if-newer   | Buyer     | Buyer@4      | 1   | VP Sales  | 5   | NOT_NEWER
            if-newer   | Buyer     | Buyer@       | 60  | VP Sales  | 5   | WRITE
            if-newer   | Boss      | Buyer@90     | 10  | VP Sales  | 5   | HUMAN_EDIT
            if-newer   | Boss      | Buyer@90     | -   | VP Sales  | 5   | HUMAN_EDIT
            if-newer   | Boss      | Buyer@900    | 269 | VP Sales  | 5   | HUMAN_EDIT
            if-newer   | Boss      | Buyer@900    | 271 | VP Sales  | 5   | WRITE
            if-newer   | -         | Buyer@90     | 10  | VP Sales  | 5   | HUMAN_EDIT
            if-newer   | VP Sales EMEA | -        | 10  | VP Sales  | 5   | LESS_SPECIFIC
            if-newer   | VP Salesforce | -        | 10  | VP Sales  | 5   | WRITE
            """;

    @TestFactory
    Stream<DynamicTest> whatHappensToAField() {
        return TABLE.lines().flatMap(line -> {
            String[] cells = Arrays.stream(line.split("\\|")).map(String::strip).toArray(String[]::new);
            return Arrays.stream(Policy.values())
                    .filter(policy -> cells[0].equals("any") ? policy != Policy.NEVER : policy.word().equals(cells[0]))
                    .map(policy -> DynamicTest.dynamicTest(policy.word() + line.substring(10), () ->
                            assertThat(outcome(policy, cells)).isEqualTo(cells[6])));
        });
    }

    private static String outcome(Policy policy, String[] cells) {
        Map<String, Object> fields = new HashMap<>();
        given(cells[1]).ifPresent(value -> fields.put("Title", value));
        Map<String, Object> person = new HashMap<>();
        given(cells[4]).ifPresent(value -> person.put("jobTitle", value));
        days(cells[5]).ifPresent(date -> person.put("validDate", date.toString()));
        Map<String, Written> written = new HashMap<>();
        given(cells[2]).ifPresent(value -> written.put("Title", Written.of(RECORD, value.split("@")[0],
                value.endsWith("@") ? Optional.empty() : days(value.split("@")[1]), NOW.minus(Duration.ofDays(60)))));
        Decision decision = decide(new FieldMapping("Lead", "Title", "person.jobTitle", policy), person,
                new Current(fields, days(cells[3]), written));
        assertThat(decision.fields().size() + decision.kept().size()).isLessThanOrEqualTo(1);
        return decision.fields().containsKey("Title") ? "WRITE"
                : Optional.ofNullable(decision.kept().get("Title")).map(Kept::name).orElse("NOTHING");
    }

    private static Optional<String> given(String cell) {
        return cell.equals("-") ? Optional.empty() : Optional.of(cell);
    }

    private static Optional<Instant> days(String cell) {
        return given(cell).map(days -> NOW.minus(Duration.ofDays(Long.parseLong(days))));
    }

    @Test
    void onlyTheAttributesThatChangedAreTakenOver() {
        List<FieldMapping> mappings = List.of(new FieldMapping("Lead", "Title", "person.jobTitle"),
                new FieldMapping("Lead", "Phone", "person.phone"),
                new FieldMapping("Lead", "NumberOfEmployees", "company.employeeCount"),
                new FieldMapping("Lead", "Company", "company.name"));
        Profile profile = new Profile(Map.of("jobTitle", "VP", "phone", "+1 555 0100"),
                Map.of("employeeCount", 250, "name", "Acme"), Optional.empty());

        assertThat(FieldPolicies.decide(mappings, profile, List.of("jobTitle"), Current.NEW, NOW).fields())
                .containsOnlyKeys("Title");
        assertThat(FieldPolicies.decide(mappings, profile, List.of("PHONE", "companyName"), Current.NEW, NOW).fields())
                .containsOnlyKeys("Phone", "Company");
        assertThat(FieldPolicies.decide(mappings, profile, List.of("company"), Current.NEW, NOW).fields())
                .containsOnlyKeys("NumberOfEmployees", "Company");
        assertThat(FieldPolicies.decide(mappings, profile, List.of(), Current.NEW, NOW).fields()).hasSize(4);
    }

    @Test
    void newsAboutAValueThatCameFromZoomInfoNeedNotBeADayNewerButMustNotBeOlder() {
        Instant first = NOW.minus(Duration.ofDays(3));
        Current current = new Current(Map.of("Title", "VP"), Optional.of(NOW), Map.of("Title",
                Written.of(RECORD, "VP", Optional.of(first), NOW)));
        FieldMapping mapping = new FieldMapping("Lead", "Title", "person.jobTitle", Policy.IF_NEWER);
        assertThat(FieldPolicies.decide(List.of(mapping), new Profile(Map.of("jobTitle", "CEO", "validDate",
                first.toString()), Map.of(), Optional.of(NOW)), List.of("jobTitle"), current, NOW).fields())
                .containsEntry("Title", "CEO");
        assertThat(FieldPolicies.decide(List.of(mapping), new Profile(Map.of("jobTitle", "CEO"), Map.of(),
                Optional.of(NOW)), List.of("jobTitle"), current, NOW).fields()).containsEntry("Title", "CEO");
        assertThat(FieldPolicies.decide(List.of(mapping), new Profile(Map.of("jobTitle", "CEO", "validDate",
                first.minusSeconds(60).toString()), Map.of(), Optional.of(NOW)), List.of("jobTitle"), current, NOW).kept())
                .containsEntry("Title", Kept.NOT_NEWER);
    }

    @Test
    void theFirstMappingOfAFieldThatHasAValueCounts() {
        List<FieldMapping> phones = List.of(new FieldMapping("Lead", "Phone", "person.directPhone"),
                new FieldMapping("Lead", "Phone", "company.phone"));
        assertThat(FieldPolicies.decide(phones, new Profile(Map.of("directPhone", ""), Map.of("phone", "+1 555 0100"),
                Optional.empty()), List.of(), Current.NEW, NOW).fields()).containsEntry("Phone", "+1 555 0100");
    }

    @Test
    void aSecondRunWithTheSameValuesWritesNothing() {
        for (Policy policy : Policy.values()) {
            FieldMapping mapping = new FieldMapping("Lead", "Phone", "person.phone", policy);
            Map<String, Object> person = Map.of("phone", "+1 (555) 010-0000", "validDate", "11/20/2026 1:41 PM");
            Decision first = decide(mapping, person, Current.NEW);
            assertThat(decide(mapping, person, new Current(first.fields(), Optional.of(NOW), Map.of())).fields())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"6/19/2020 1:41 PM", "06/19/2020 1:41 PM", "2020-06-19T13:41:00Z",
            "2020-06-19T13:41:00.000+0000", "06-19-2020T13:41:00.000Z"})
    void theDatesOfBothSystemsAreRead(String date) {
        assertThat(Profile.time(date)).contains(Instant.parse("2020-06-19T13:41:00Z"));
        assertThat(Profile.time(date.split("[ T]")[0].replace("06-19-2020", "6/19/2020")))
                .contains(Instant.parse("2020-06-19T00:00:00Z"));
    }

    @Test
    void whatIsNoDateIsNone() {
        assertThat(Profile.time("Notice not required")).isEmpty();
        assertThat(Profile.time("")).isEmpty();
        assertThat(Profile.time("13/45/2020")).isEmpty();
    }

    @Test
    void valuesTakeTheFormOfTheCrm() {
        Profile profile = new Profile(Map.of("noticeProvidedDate", "06/19/2020", "withinEu", "false",
                "withinCanada", true), Map.of("revenue", 401_000, "industries", List.of("Retail", "Food"),
                "descriptionList", List.of(Map.of("description", "Makes things"))), Optional.empty());
        assertThat(profile.value("person.noticeProvidedDate")).contains("2020-06-19");
        assertThat(profile.value("person.withinEu")).contains(false);
        assertThat(profile.value("person.withinCanada")).contains(true);
        assertThat(profile.value("company.revenueNumeric")).contains(401_000_000L);
        assertThat(new Profile(Map.of("id", 4711L), Map.of(), Optional.empty()).value("person.id")).contains("4711");
        assertThat(profile.value("company.industries")).contains("Retail;Food");
        assertThat(profile.value("company.descriptionList")).contains("Makes things");
    }

    @Test
    void theSameValueIsRecognisedInEverySpelling() {
        assertThat(FieldValues.same("https://www.acme.com/", "acme.com")).isTrue();
        assertThat(FieldValues.same("+1 (555) 010-0000", "15550100000")).isTrue();
        assertThat(FieldValues.same(250, 250.0)).isTrue();
        assertThat(FieldValues.same("Acme", "Acme Corp")).isFalse();
        assertThat(FieldValues.same(null, "[not provided]")).isTrue();
    }

    private static Decision decide(FieldMapping mapping, Map<String, Object> person, Current current) {
        return FieldPolicies.decide(List.of(mapping), new Profile(person, Map.of(), Optional.empty()), List.of(), current,
                NOW);
    }
}
