package io.leadroutes.crm.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.lead.Lead;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangeEventTest {

    @Test
    void fieldsOfTheRecordBecomeFieldsAndAttributesOfTheLead() {
        Lead lead = ChangeEvent.of(event(Map.of("Name", Map.of("FirstName", "Ada", "LastName", "Lovelace"),
                "Address", Map.of("City", "London", "PostalCode", "W1"), "Company", "Acme", "LeadSource", "Web",
                "DoNotCall", true, "Title", " "))).leads().get(0);

        assertThat(lead.source()).isEqualTo("salesforce");
        assertThat(lead.recordId()).isEqualTo("00QSb0000000001MAA");
        assertThat(lead.version()).isEqualTo("created");
        assertThat(lead.fields()).containsOnly(Map.entry("firstName", "Ada"), Map.entry("lastName", "Lovelace"),
                Map.entry("city", "London"), Map.entry("postalCode", "W1"), Map.entry("company", "Acme"));
        assertThat(lead.attributes()).containsOnly(Map.entry("LeadSource", "Web"), Map.entry("DoNotCall", true));
    }

    @Test
    void onlyAWriteThatNamesUsAsItsClientIsOurs() {
        assertThat(origin("com/salesforce/api/rest/62.0;client=leadroutes").isOwnWrite()).isTrue();
        assertThat(origin("com/salesforce/api/rest/62.0;client=leadroutes2").isOwnWrite()).isFalse();
        assertThat(origin("com/salesforce/ui").isOwnWrite()).isFalse();
    }

    @Test
    void anEventWithoutHeaderOrRecordIdIsUnreadable() {
        assertThatThrownBy(() -> ChangeEvent.of(Map.of("Company", "Acme"))).hasMessageContaining("ChangeEventHeader");
        Map<String, Object> event = event(Map.of());
        event.put("ChangeEventHeader", Map.of("changeType", "CREATE", "recordIds", List.of("x'y"), "commitNumber", 1));
        assertThatThrownBy(() -> ChangeEvent.of(event)).hasMessageContaining("recordIds");
    }

    private static ChangeEvent origin(String origin) {
        return ChangeEvent.of(Map.of("ChangeEventHeader", Map.of("changeType", "UPDATE", "changeOrigin", origin)));
    }

    private static Map<String, Object> event(Map<String, Object> fields) {
        Map<String, Object> event = new LinkedHashMap<>(fields);
        event.put("ChangeEventHeader", Map.of("changeType", "CREATE", "recordIds", List.of("00QSb0000000001MAA"),
                "commitNumber", 12345L, "transactionKey", "k", "changeOrigin", ""));
        return event;
    }
}
