package io.leadroutes.facts;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.TimeZone.SystemTimeZoneType;
import io.leadroutes.lead.Enrichment;
import io.leadroutes.lead.Lead;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.lead.LeadState;
import io.leadroutes.rules.Variable;
import io.leadroutes.rules.VariableTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeadFactsTest {

    private static final Instant MONDAY_NOON_UTC = Instant.parse("2026-11-23T12:00:00Z");
    private static final LeadFacts FACTS = new LeadFacts();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"US|US", "usa|US", "United States|US", "U.S.A.|US", "United States of America|US",
        "UK|GB", "Great Britain|GB", "Deutschland|DE", "germany|DE", "DEU|DE", "Österreich|AT", "España|ES", "日本|JP",
        "Côte d’Ivoire|CI", "NO|NO", "The Netherlands|NL"})
    void countriesAreReadFromCodesAndNames(String written, String code) {
        assertThat(fact(Map.of("country", written), "lead.country")).contains(code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"US|CA|US-CA", "US|California|US-CA", "US|Calif.|US-CA", "US|us-ca|US-CA",
        "US|washington dc|US-DC", "CA|Québec|CA-QC", "CA|PEI|CA-PE", "AU|NSW|AU-NSW", "DE|Bavaria|DE-BY", "FR|FR-75|FR-75"})
    void statesAreReadWithinTheirCountry(String country, String written, String code) {
        assertThat(fact(Map.of("country", country, "state", written), "lead.state")).contains(code);
    }

    @Test
    void aPlaceThatIsNotUnderstoodIsUnknownAndLeavesAWarning() {
        FactSheet sheet = sheet(Map.of("country", "Untied States", "state", "CA"), Map.of(), Optional.empty());
        assertThat(sheet.facts().value("lead.country")).isEmpty();
        assertThat(sheet.facts().value("lead.state")).isEmpty();
        assertThat(sheet.warnings()).hasSize(2).first().asString().contains("lead.country");
    }

    @ParameterizedTest
    @CsvSource({"US,94107-1234,94107", "GB,sw1a 1aa,SW1A1AA", "DE,10115,10115"})
    void postalCodesLoseBlanksAndHyphens(String country, String written, String code) {
        assertThat(fact(Map.of("country", country, "postalCode", written), "lead.postalCode")).contains(code);
    }

    @ParameterizedTest
    @CsvSource({"ann@mail.acme.co.uk,acme.co.uk,corporate", "ann@acme.github.io,acme.github.io,hosted",
        "ann@GMAIL.com,gmail.com,free", "ann@mailinator.com,mailinator.com,disposable",
        "ann@münchen.example.de,example.de,corporate", "ann@acme.com.,acme.com,corporate"})
    void domainsAreRegistrableAndOfAKind(String email, String domain, String kind) {
        assertThat(fact(Map.of("email", email), "lead.emailDomain")).contains(domain);
        assertThat(fact(Map.of("email", email), "lead.emailKind")).contains(kind);
    }

    @ParameterizedTest
    @CsvSource({"ann@localhost", "ann@10.0.0.1", "ann@acme.internal"})
    void aHostWithoutAPublicSuffixIsNoDomain(String email) {
        assertThat(fact(Map.of("email", email), "lead.emailDomain")).isEmpty();
        assertThat(fact(Map.of("email", email), "lead.emailKind")).contains("none");
    }

    @Test
    void theListsOfMailProvidersAreLongEnoughAndDoNotOverlap() {
        List<String> free = DataFile.lines("free-mail.txt");
        List<String> disposable = DataFile.lines("disposable-mail.txt");
        assertThat(free).hasSizeGreaterThanOrEqualTo(80).doesNotHaveDuplicates().doesNotContainAnyElementsOf(disposable);
        assertThat(disposable).hasSizeGreaterThanOrEqualTo(60).doesNotHaveDuplicates();
    }

    @Test
    void zoomInfosAnswerIsReadInAllItsShapes() {
        Map<String, Object> company = new HashMap<>(Map.of("id", "77", "name", "Acme", "employeeCount", "1,250",
                "revenue", "$400 Million", "type", "PUBLIC", "country", "United States", "state", "California",
                "primaryIndustry", List.of("Software"), "naicsCodes", List.of(Map.of("id", "511210", "name", "x"))));
        Map<String, Object> person = new HashMap<>(Map.of("id", 1, "managementLevel", List.of("Manager", "VP Level Exec"),
                "jobFunction", List.of(Map.of("name", "Software", "department", "Engineering & Technical")),
                "contactAccuracyScore", "93", "email", "x@acme.com", "phone", "", "mobilePhone", "+1 415 555 0100",
                "withinEu", "false", "withinCalifornia", true, "personHasMoved", "Uncertain"));
        person.put("company", List.of(company));
        person.put("jobTitle", " VP Engineering ");
        FactSheet sheet = sheet(Map.of(), Map.of(), Optional.of(new Enrichment("FULL_MATCH", person, 1)));
        assertThat(sheet.facts().values()).containsAllEntriesOf(Map.ofEntries(
                Map.entry("person.found", true), Map.entry("person.managementLevel", "VP-Level"),
                Map.entry("person.department", "Engineering & Technical"), Map.entry("person.accuracy", 93L),
                Map.entry("person.hasEmail", true), Map.entry("person.hasDirectPhone", false),
                Map.entry("person.hasMobilePhone", true), Map.entry("person.withinEu", false),
                Map.entry("person.withinCalifornia", true), Map.entry("person.hasMoved", false),
                Map.entry("company.found", true), Map.entry("company.employees", 1_250L),
                Map.entry("company.revenueUsd", 400_000_000L), Map.entry("company.isPublic", true),
                Map.entry("company.country", "US"), Map.entry("company.state", "US-CA"),
                Map.entry("company.industry", "Software"), Map.entry("company.naics", List.of("511210")),
                Map.entry("lead.title", "vp engineering")));
        assertThat(sheet.warnings()).isEmpty();
    }

    @Test
    void whereTheLeadIsSilentZoomInfosPlaceCounts() {
        Map<String, Object> person = Map.of("id", 1, "country", "United States", "state", "Oregon", "zipCode", "97201-1");
        FactSheet sheet = sheet(Map.of(), Map.of(), Optional.of(new Enrichment("FULL_MATCH", person, 1)));
        assertThat(sheet.facts().values()).containsEntry("lead.state", "US-OR").containsEntry("lead.postalCode", "97201");
        FactSheet elsewhere = sheet(Map.of("country", "Germany"), Map.of(),
                Optional.of(new Enrichment("FULL_MATCH", person, 1)));
        assertThat(elsewhere.facts().values()).containsEntry("lead.country", "DE").doesNotContainKey("lead.state");
    }

    @Test
    void aPersonOfAnotherCompanyOnlyMatchIsNotFound() {
        FactSheet sheet = sheet(Map.of(), Map.of(), Optional.of(new Enrichment("COMPANY_ONLY_MATCH",
                Map.of("managementLevel", "Director", "company", Map.of("id", 7)), 0)));
        assertThat(sheet.facts().values()).containsEntry("person.found", false).containsEntry("company.found", true)
                .doesNotContainKey("person.managementLevel");
    }

    @Test
    void consentIsNeverUnknownAndAnUnreadableMarkCountsAsSet() {
        assertThat(sheet(Map.of(), Map.of(), Optional.empty()).facts().values())
                .containsEntry("consent.optedOut", false).containsEntry("consent.doNotCall", false)
                .containsEntry("consent.doNotContact", false).containsEntry("consent.suppressed", false);
        assertThat(sheet(Map.of(), Map.of("HasOptedOutOfEmail", "maybe", "DoNotCall", true), Optional.empty()).facts()
                .values()).containsEntry("consent.optedOut", true).containsEntry("consent.doNotCall", true);
        assertThat(sheet(Map.of(), Map.of(), Optional.of(new Enrichment("OPT_OUT", Map.of(), 0))).facts().values())
                .containsEntry("consent.optedOut", true);
    }

    @ParameterizedTest
    @CsvSource({"Demo Request,,demo_request", "demo_request,,demo_request", "White Paper,,content_download_low_intent",
        ",2026 Fall Webinar Attended,webinar_attended", "Carrier Pigeon,,unknown", ",,unknown"})
    void theSourceComesFromTheCrmOrTheCampaign(String source, String campaign, String expected) {
        Map<String, String> fields = campaign == null ? Map.of() : Map.of("campaign", campaign);
        Map<String, Object> attributes = source == null ? Map.of() : Map.of("LeadSource", source);
        assertThat(sheet(fields, attributes, Optional.empty()).facts().value("lead.source")).contains(expected);
    }

    @Test
    void agesStatusAndOwnerComeFromTheCrm() {
        Map<String, Object> values = sheet(Map.of(), Map.of("CreatedDate", "2026-11-20T12:00:01.000+0000", "Status",
                "Working", "OwnerId", "005x"), Optional.empty()).facts().values();
        assertThat(values).containsEntry("lead.ageDays", 2L).containsEntry("lead.isNew", false)
                .containsEntry("lead.status", "Working").containsEntry("lead.ownerId", "005x");
        assertThat(sheet(Map.of(), Map.of(), Optional.empty()).facts().values())
                .containsEntry("lead.ageDays", 0L).containsEntry("lead.isNew", true);
    }

    @Test
    void theWallClockIsThatOfTheLeadsZoneWhereItIsKnown() {
        assertThat(sheet(Map.of("country", "US", "state", "CA"), Map.of(), Optional.empty()).facts().values())
                .containsEntry("when.hour", 4L).containsEntry("when.weekday", 1L).containsEntry("when.zoneKnown", true);
        assertThat(sheet(Map.of("country", "GB"), Map.of(), Optional.empty()).facts().values())
                .containsEntry("when.hour", 12L).containsEntry("when.zoneKnown", true);
        assertThat(sheet(Map.of("country", "US"), Map.of(), Optional.empty()).facts().values())
                .containsEntry("when.hour", 7L).containsEntry("when.zoneKnown", false);
        assertThat(sheet(Map.of(), Map.of(), Optional.empty()).facts().values())
                .containsEntry("when.hour", 12L).containsEntry("when.zoneKnown", false);
    }

    @Test
    void eachStatesZoneIsOneOfItsCountrysZones() {
        for (String line : DataFile.lines("states.csv")) {
            String[] row = line.split(";", -1);
            assertThat(TimeZone.getAvailableIDs(SystemTimeZoneType.ANY, row[0], null)).as(line).contains(row[3]);
        }
        for (String line : DataFile.lines("zones.csv")) {
            String[] row = line.split(";");
            assertThat(TimeZone.getAvailableIDs(SystemTimeZoneType.ANY, row[0], null)).as(line).contains(row[1]);
        }
    }

    @Test
    void everyFactHasTheTypeAndRangeOfItsVariable() {
        VariableTable types = VariableTable.builtIn();
        sheet(Map.of("country", "US", "email", "a@acme.com"), Map.of(), Optional.of(new Enrichment("FULL_MATCH",
                Map.of("id", 1, "contactAccuracyScore", 400, "company", Map.of("id", 2, "employeeCount", -3)), 1)))
                .facts().values().forEach((name, value) -> {
                    Variable variable = types.find(name).orElseThrow();
                    assertThat(value).as(name).isInstanceOf(switch (variable.type()) {
                        case BOOL -> Boolean.class;
                        case INT -> Long.class;
                        case TEXT -> String.class;
                        case LIST -> List.class;
                    });
                    assertThat(name).isNotIn("person.accuracy", "company.employees");
                });
    }

    private static Optional<Object> fact(Map<String, String> fields, String variable) {
        return sheet(fields, Map.of(), Optional.empty()).facts().value(variable);
    }

    private static FactSheet sheet(Map<String, String> fields, Map<String, Object> attributes,
            Optional<Enrichment> enrichment) {
        return FACTS.of(new LeadEvent(UUID.randomUUID(), "r", LeadState.ENRICHED, 1, 0, MONDAY_NOON_UTC,
                new Lead("salesforce", "00Q1", "1", fields, attributes), enrichment), MONDAY_NOON_UTC,
                VariableTable.builtIn(), false);
    }
}
