package io.leadroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leadroutes.lead.Claim;
import io.leadroutes.lead.Claims.Work;
import io.leadroutes.lead.Claims;
import io.leadroutes.lead.IncomingLead;
import io.leadroutes.lead.Lead;
import io.leadroutes.lead.LeadInbox;
import io.leadroutes.websights.ZoomInfoStandIn;
import io.leadroutes.zoominfo.pacing.EgressLease;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.StatefulService;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a process does as soon as it is to end, while HTTP is still answered. */
@QuarkusTest
@TestProfile(DrainTest.Enrichment.class)
class DrainTest {

    public static class Enrichment implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("camel.main.routes-include-pattern", "file:routes/shared/*.camel.yaml,file:routes/zoominfo/"
                    + "*.camel.yaml,file:routes/pipeline/lead-enrich*.camel.yaml,"
                    + "file:routes/pipeline/lead-isolate-*.camel.yaml,file:routes/pipeline/batch-isolate.camel.yaml,"
                    + "file:routes/pipeline/lead-poison.camel.yaml");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(FreshDatabase.class), new TestResourceEntry(ZoomInfoStandIn.class));
        }
    }

    @Inject
    DataSource dataSource;
    @Inject
    LeadInbox inbox;
    @Inject
    Claims claims;
    @Inject
    EgressLease lease;
    @Inject
    CamelContext camel;
    @Inject
    Event<ShutdownDelayInitiatedEvent> delay;

    @Test
    void nothingMoreIsClaimedAndWhatWasNotBegunAndTheEgressAreFreeForAnother() {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        UUID before = accept("before");
        await().atMost(Duration.ofSeconds(30)).until(() -> state(jdbc, before).equals("ENRICHED"));
        UUID claimed = accept("claimed");
        jdbc.update("""
                update lead_event set state = 'DECIDED', attempts = 1, fence = 7, lease_until = now() + interval '15 seconds'
                where event_id = ?""", claimed);

        delay.fire(new ShutdownDelayInitiatedEvent());

        assertThat(lease.holds("standard")).isFalse();
        assertThat(jdbc.queryForObject("select holder is null from egress_slot where tier = 'standard'", Boolean.class))
                .isTrue();
        assertThat(((StatefulService) camel.getRoute("lead-enrich").getConsumer()).isSuspended()).isTrue();
        assertThat(claims.begin(Work.WRITE_BACK, List.of(new Claim(claimed, 7)))).isEmpty();
        assertThat(jdbc.queryForMap("select attempts, fence, lease_until is null as free from lead_event where event_id = ?",
                claimed)).isEqualTo(Map.of("attempts", 0, "fence", 8L, "free", true));
        UUID after = accept("after");
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(10)).until(() -> state(jdbc, after).equals("RECEIVED"));
    }

    private UUID accept(String record) {
        return inbox.accept(List.of(new IncomingLead(new Lead("web", record, "1", Map.of("email", record + "@example.com"),
                Map.of()), "request-" + record, IncomingLead.LIVE))).get(0);
    }

    private static String state(JdbcTemplate jdbc, UUID event) {
        return jdbc.queryForObject("select state from lead_event where event_id = ?", String.class, event);
    }
}
