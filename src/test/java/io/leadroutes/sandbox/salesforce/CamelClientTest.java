package io.leadroutes.sandbox.salesforce;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.salesforce.AuthenticationType;
import org.apache.camel.component.salesforce.PubSubApiConsumer;
import org.apache.camel.component.salesforce.SalesforceComponent;
import org.apache.camel.component.salesforce.SalesforceConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.LifecycleStrategySupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The stand-in serves Camel's own Salesforce component, without Quarkus and without the application. */
class CamelClientTest {

    @Test
    void theComponentLogsInUpsertsByRawAndReceivesItsOwnChanges() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        List<String> replayIds = new CopyOnWriteArrayList<>();
        try (TestOrganisation organisation = new TestOrganisation(); CamelContext camel = new DefaultCamelContext()) {
            SalesforceComponent salesforce = new SalesforceComponent();
            salesforce.setLoginUrl(organisation.base);
            salesforce.setAuthenticationType(AuthenticationType.USERNAME_PASSWORD);
            salesforce.setClientId(SalesforceSandbox.CONSUMER_KEY);
            salesforce.setClientSecret(SalesforceSandbox.CONSUMER_SECRET);
            salesforce.setUserName(SalesforceSandbox.USERNAME);
            salesforce.setPassword(SalesforceSandbox.PASSWORD);
            salesforce.setPubSubHost("127.0.0.1");
            salesforce.setPubSubPort(organisation.sandbox.pubSubPort());
            camel.addComponent("salesforce", salesforce);
            camel.addLifecycleStrategy(new LifecycleStrategySupport() {
                @Override
                public void onServiceAdd(CamelContext context, Service service, Route route) {
                    if (service instanceof PubSubApiConsumer consumer) {
                        consumer.setUsePlainTextConnection(true);
                    }
                }
            });
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("salesforce:pubSubSubscribe:/data/LeadChangeEvent?pubSubDeserializeType=JSON"
                            + "&replayPreset=EARLIEST&pubSubBatchSize=10").process(exchange -> {
                                events.add(exchange.getMessage().getBody(String.class));
                                replayIds.add(exchange.getMessage().getHeader(
                                        SalesforceConstants.HEADER_SALESFORCE_PUBSUB_REPLAY_ID, String.class));
                            });
                    from("direct:upsert").to("salesforce:raw?format=JSON&rawMethod=PATCH"
                            + "&rawPath=/services/data/v62.0/composite/sobjects/Lead/LeadRoutes_Id__c");
                }
            });
            camel.start();

            String body = "{\"allOrNone\":false,\"records\":["
                    + "{\"attributes\":{\"type\":\"Lead\"},\"LeadRoutes_Id__c\":\"c-1\",\"LastName\":\"Camel\","
                    + "\"Company\":\"Caravan\"},"
                    + "{\"attributes\":{\"type\":\"Lead\"},\"LeadRoutes_Id__c\":\"c-2\",\"LastName\":\"Lost\"}]}";
            JsonNode results = TestOrganisation.JSON.readTree(camel.createProducerTemplate()
                    .requestBody("direct:upsert", body, String.class));
            assertThat(results.path(0).path("created").asBoolean()).isTrue();
            assertThat(results.path(1).path("errors").path(0).path("statusCode").asText())
                    .isEqualTo("REQUIRED_FIELD_MISSING");
            Awaitility.await().until(() -> events.size() == 1);
            assertThat(events.get(0)).contains("Caravan").contains("\"CREATE\"");

            // A broken stream is taken up again where it was left.
            organisation.control("POST", "streams/break", "");
            organisation.lead("while-away");
            Awaitility.await().atMost(java.time.Duration.ofSeconds(20)).until(() -> events.size() == 2);
            assertThat(events.get(1)).contains("while-away");

            // A token that is no longer in force costs neither the stream nor the writes.
            organisation.control("POST", "tokens/expire", "");
            organisation.login(SalesforceSandbox.USERNAME);
            organisation.lead("after-expiry");
            Awaitility.await().atMost(java.time.Duration.ofSeconds(20)).until(() -> events.size() == 3);
            assertThat(replayIds).doesNotHaveDuplicates();
        }
    }
}
