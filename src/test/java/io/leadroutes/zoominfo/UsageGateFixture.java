package io.leadroutes.zoominfo;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;

/** A gate for tests of other packages that has read no limit and admits all work. */
public final class UsageGateFixture {

    private UsageGateFixture() {
    }

    public static UsageGate open() {
        Clock clock = Clock.systemUTC();
        return new UsageGate(new ContractLimits(new SimpleMeterRegistry(), clock), 0.9, Duration.ofMinutes(1), clock);
    }
}
