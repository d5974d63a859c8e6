package io.leadroutes.crm.salesforce;

import io.leadroutes.TestDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A database, a bus and a REST API on free ports; handed to fields of a test by their type. */
public class SalesforceTestBench implements QuarkusTestResourceLifecycleManager {

    private FakePubSub bus;
    private FakeRest rest;

    @Override
    public Map<String, String> start() {
        try {
            bus = new FakePubSub(0);
            rest = new FakeRest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("database.url", TestDatabase.migratedUrl(),
                "salesforce.login-url", rest.baseUrl(),
                "salesforce.pubsub.host", "localhost",
                "salesforce.pubsub.port", Integer.toString(bus.port()));
    }

    @Override
    public void stop() {
        if (rest != null) {
            rest.close();
        }
        if (bus != null) {
            bus.close();
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(bus, new TestInjector.MatchesType(FakePubSub.class));
        injector.injectIntoFields(rest, new TestInjector.MatchesType(FakeRest.class));
    }
}
