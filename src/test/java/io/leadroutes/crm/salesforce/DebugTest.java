package io.leadroutes.crm.salesforce;
import io.quarkus.test.junit.*;
import org.junit.jupiter.api.Test;
@QuarkusTest
@TestProfile(SalesforceIntakeTest.Stream.class)
class DebugTest {
    @jakarta.inject.Inject SalesforceConfig config;
    @jakarta.inject.Inject SalesforceStream stream;
    @jakarta.inject.Inject org.apache.camel.CamelContext context;
    @Test void x() {
        var v = org.eclipse.microprofile.config.ConfigProvider.getConfig();
        for (String k : new String[]{"salesforce.login-url","salesforce.stream.enabled","salesforce.pubsub.port","camel.main.routes-include-pattern"}) { var c = v.getConfigValue(k); System.out.println("DBG " + k + "=" + c.getValue() + " from " + c.getSourceName() + " " + c.getSourceOrdinal()); }
        System.out.println("DBG " + context.getStatus() + " " + context.getRoutes() + stream.status());
    }
}
