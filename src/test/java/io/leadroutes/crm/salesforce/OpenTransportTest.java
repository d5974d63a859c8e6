package io.leadroutes.crm.salesforce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenTransportTest {

    @Test
    void credentialsAndLeadsNeverTravelInTheClear() {
        assertThat(SalesforceConnection.openTransport("http://login.example.com", false, "bus.example.com"))
                .hasValueSatisfying(problem -> assertThat(problem).contains("salesforce.login-url"));
        assertThat(SalesforceConnection.openTransport("https://user:pw@login.example.com", false, "bus.example.com"))
                .hasValueSatisfying(problem -> assertThat(problem).doesNotContain("pw"));
        assertThat(SalesforceConnection.openTransport("https://login.example.com", true, "192.0.2.1"))
                .hasValueSatisfying(problem -> assertThat(problem).contains("salesforce.pubsub.plaintext"));
        assertThat(SalesforceConnection.openTransport("https://login.example.com", false, "bus.example.com")).isEmpty();
        assertThat(SalesforceConnection.openTransport("http://127.0.0.1:8182", true, "127.0.0.1")).isEmpty();
    }
}
