package io.leadroutes.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.lead.Enrichment;
import io.leadroutes.rules.FieldMapping;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FillBlankTest {

    private static final List<FieldMapping> TITLE = List.of(new FieldMapping("Lead", "Title", "person.jobTitle"));

    @Test
    void aBlankFieldIsFilledAndAFilledOneIsKept() {
        Enrichment enrichment = person(Map.of("jobTitle", "VP Sales"));
        assertThat(FillBlank.changes(TITLE, enrichment, Map.of())).containsExactly(Map.entry("Title", "VP Sales"));
        assertThat(FillBlank.changes(TITLE, enrichment, Map.of("Title", "  "))).containsKey("Title");
        assertThat(FillBlank.changes(TITLE, enrichment, Map.of("Title", "Buyer"))).isEmpty();
    }

    @Test
    void whatSalesforceUsersTypeInsteadOfNothingIsABlank() {
        assertThat(FillBlank.changes(List.of(new FieldMapping("Lead", "Company", "company.name")),
                person(Map.of("company", Map.of("name", "Acme"))), Map.of("Company", "[not provided]")))
                .containsExactly(Map.entry("Company", "Acme"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "n/a", "Unknown", "-", "TEST"})
    void aValueThatSaysNothingIsNeverWritten(String nothing) {
        assertThat(FillBlank.changes(TITLE, person(Map.of("jobTitle", nothing)), Map.of())).isEmpty();
    }

    @Test
    void numbersStayNumbersAndSeveralValuesBecomeAList() {
        assertThat(FillBlank.changes(List.of(new FieldMapping("Lead", "NumberOfEmployees", "company.employeeCount"),
                new FieldMapping("Lead", "Industry", "company.industries")),
                person(Map.of("company", Map.of("employeeCount", 250, "industries", List.of("Retail", "Food")))), Map.of()))
                .containsEntry("NumberOfEmployees", 250).containsEntry("Industry", "Retail;Food");
    }

    @Test
    void theFirstMappingOfAFieldThatHasAValueCounts() {
        List<FieldMapping> phones = List.of(new FieldMapping("Lead", "Phone", "person.directPhone"),
                new FieldMapping("Lead", "Phone", "company.phone"));
        assertThat(FillBlank.changes(phones, person(Map.of("company", Map.of("phone", "+1 555 0100"))), Map.of()))
                .containsExactly(Map.entry("Phone", "+1 555 0100"));
    }

    private static Enrichment person(Map<String, Object> person) {
        return new Enrichment("FULL_MATCH", person, 1);
    }
}
