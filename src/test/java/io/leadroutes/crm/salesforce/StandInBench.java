package io.leadroutes.crm.salesforce;

import io.leadroutes.TestDatabase;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.salesforce.SalesforceSandbox;
import io.leadroutes.sandbox.world.World;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** A database and the Salesforce stand-in on free ports. */
public class StandInBench implements QuarkusTestResourceLifecycleManager {

    private SalesforceSandbox sandbox;

    @Override
    public Map<String, String> start() {
        sandbox = SalesforceSandbox.start(new SalesforceSandbox.Options("localhost", 0, 0, 0, 42), World.of(42),
                SandboxTime.system());
        return Map.of("database.url", TestDatabase.migratedUrl(),
                "salesforce.login-url", "http://localhost:" + sandbox.port(),
                "salesforce.client-id", SalesforceSandbox.CONSUMER_KEY,
                "salesforce.client-secret", SalesforceSandbox.CONSUMER_SECRET,
                "salesforce.username", SalesforceSandbox.USERNAME,
                "salesforce.password", SalesforceSandbox.PASSWORD,
                "salesforce.pubsub.host", "localhost",
                "salesforce.pubsub.port", Integer.toString(sandbox.pubSubPort()));
    }

    @Override
    public void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(sandbox, new TestInjector.MatchesType(SalesforceSandbox.class));
    }
}
