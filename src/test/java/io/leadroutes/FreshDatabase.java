package io.leadroutes;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Gives a Quarkus test a database of its own. */
public class FreshDatabase implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        return Map.of("database.url", TestDatabase.migratedUrl());
    }

    @Override
    public void stop() {
        // The server ends with the JVM.
    }
}
