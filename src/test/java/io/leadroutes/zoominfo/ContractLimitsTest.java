package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.lead.credit.CreditLedger.Settlement;
import io.leadroutes.lead.credit.CreditLedger;
import io.leadroutes.lead.credit.CreditWatch;
import io.leadroutes.zoominfo.ContractLimits.Limit;
import io.leadroutes.zoominfo.FakeZoomInfo.Answer;
import io.leadroutes.zoominfo.pacing.PacingFixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractLimitsTest {

    private ZoomInfoRig rig;
    private Warnings warnings;

    @BeforeEach
    void start() throws Exception {
        rig = new ZoomInfoRig(PacingFixture.memory(), "0");
        warnings = new Warnings(ContractLimits.class);
    }

    @AfterEach
    void stop() throws Exception {
        warnings.close();
        rig.close();
    }

    private static Map<String, Object> usage(String limitName, String type, Object limit, Object used, Object remaining) {
        return Map.of("usage", List.of(Map.of("limitType", type, "description", "…", limitName, limit, "currentUsage", used,
                "usageRemaining", remaining)));
    }

    private void use(long used) {
        rig.limits.read(usage("limit", "uniqueIdLimit", 1000, used, 1000 - used));
    }

    private UsageGate gate() {
        return new UsageGate(rig.limits, 0.9, Duration.ofMinutes(1), rig.clock);
    }

    @ParameterizedTest
    @CsvSource({"limit", "totalLimit"})
    void bothKnownShapesOfTheUsageAnswerAreRead(String limitName) {
        rig.limits.read(usage(limitName, "webSightsApiRecordLimit", 200, "50", 150));

        assertThat(rig.limits.all()).singleElement().satisfies(reading -> {
            assertThat(reading.limit()).isEqualTo("websights-record");
            assertThat(reading.total()).isEqualTo(200);
            assertThat(reading.used()).isEqualTo(50);
            assertThat(reading.remaining()).isEqualTo(150);
            assertThat(reading.share()).isEqualTo(0.25);
            assertThat(reading.readAt()).isEqualTo(rig.clock.instant());
        });
        assertThat(rig.meters.get("leadroutes.zoominfo.limit.used").tag("limit", "websights-record").gauge().value())
                .isEqualTo(0.25);
    }

    @Test
    void theHeadersOfACallAreReadWhateverTheirCase() {
        rig.zoomInfo.behave(call -> new Answer(200, FakeZoomInfo.usual(call).body(), Map.of(
                "x-usage-unique-id-limit-limit", "1000", "x-usage-unique-id-limit-remaining", "400",
                "X-Usage-Record-Limit-Limit", "-1", "X-Usage-Record-Limit-Remaining", "-1")));

        rig.send("kamelet:zoominfo-search-contact-action", Map.of("jobTitle", "CTO"));

        assertThat(rig.limits.of(Limit.UNIQUE_ID)).get().satisfies(reading -> {
            assertThat(reading.used()).isEqualTo(600);
            assertThat(reading.share()).isEqualTo(0.6);
        });
        assertThat(rig.limits.of(Limit.RECORD)).get().satisfies(reading -> {
            assertThat(reading.unlimited()).isTrue();
            assertThat(reading.share()).isZero();
        });
    }

    @Test
    void thatTheScalingTierHasNoLimitOfRequestsHidesNoLimitOfTheOthers() {
        rig.limits.headers("standard", Map.of("X-Usage-Request-Limit-Limit", 100L, "X-Usage-Request-Limit-Remaining", 10L));
        rig.limits.headers("scaling", Map.of("X-Usage-Request-Limit-Limit", -1L, "X-Usage-Request-Limit-Remaining", -1L));

        assertThat(rig.limits.of(Limit.REQUEST)).get().satisfies(reading -> assertThat(reading.share()).isEqualTo(0.9));
    }

    @Test
    void eachMarkIsWarnedOfOnceAndAgainAfterTheUseFellBelowIt() {
        List.of(799L, 800L, 850L, 799L, 801L, 900L, 950L).forEach(this::use);
        assertThat(warnings.texts()).hasSize(2);
        assertThat(warnings.texts().get(0)).startsWith("80 % of ZoomInfo's unique-id limit").contains("800 of 1000, 200 left");
        assertThat(warnings.texts().get(1)).startsWith("90 %");

        use(1000);
        use(1000);
        assertThat(warnings.texts()).hasSize(3).last().asString().startsWith("100 %");

        // A new term begins.
        use(3);
        use(820);
        assertThat(warnings.texts()).hasSize(4).last().asString().startsWith("80 %");
    }

    @Test
    void aJumpOverSeveralMarksIsOneWarning() {
        use(1000);

        assertThat(warnings.texts()).singleElement().asString().startsWith("100 %");
    }

    @Test
    void anUnlimitedLimitAndOneThatTheContractHasNotAreNeverWarnedOf() {
        rig.limits.read(usage("limit", "requestLimit", -1, 5_000_000, -1));
        rig.limits.read(usage("limit", "webSightsApiRequestLimit", 0, 0, 0));

        assertThat(warnings.texts()).isEmpty();
        assertThat(gate().admits("live")).isTrue();
        assertThat(gate().admits("websights")).isTrue();
    }

    @Test
    void workInTheBackgroundStandsBackFromItsShareOnAndLiveWorkAtTheEnd() {
        UsageGate gate = gate();
        assertThat(List.of("live", "webhook", "bulk", "prospect", "websights")).allMatch(gate::admits);

        rig.limits.read(usage("limit", "recordLimit", 1000, 899, 101));
        assertThat(List.of("live", "webhook", "bulk", "prospect", "websights")).allMatch(gate::admits);

        rig.limits.read(usage("limit", "recordLimit", 1000, 900, 100));
        assertThat(List.of("bulk", "prospect")).noneMatch(gate::admits);
        assertThat(List.of("live", "webhook", "websights")).allMatch(gate::admits);

        rig.limits.read(usage("limit", "recordLimit", 1000, 1000, 0));
        assertThat(List.of("live", "webhook", "bulk", "prospect")).noneMatch(gate::admits);
        assertThatThrownBy(() -> gate.require("live")).isInstanceOfSatisfying(ZoomInfoException.class, e -> {
            assertThat(e.getFailureClass()).isEqualTo(FailureClass.QUOTA_EXHAUSTED);
            assertThat(e.isParks()).isTrue();
            assertThat(e).hasMessageContaining("record limit").hasMessageContaining("1000 of 1000");
            assertThat(e.getAction()).contains("/api/usage");
        });
    }

    @Test
    void liveWorkAsksAgainWhenTheReadingIsOld() {
        UsageGate gate = gate();
        rig.limits.read(usage("limit", "requestLimit", 1000, 1000, 0));
        assertThat(gate.admits("live")).isFalse();

        rig.clock.advance(Duration.ofSeconds(61));

        assertThat(gate.admits("live")).isTrue();
        assertThat(gate.admits("prospect")).isFalse();
    }

    @Test
    void liveWorkGoesOnWithoutUniqueIdsBecausePeopleThatWerePaidForCostNone() {
        use(1000);

        assertThat(gate().admits("live")).isTrue();
        assertThat(gate().admits("bulk")).isFalse();
    }

    /** In the place of the enrichment stage: what it is asked for is its input, and the answer is left as it is. */
    public static final class Stage {
        public List<?> inputs(List<?> batch) {
            return batch;
        }

        public void match(Exchange exchange) {
            // The answer stays the body.
        }
    }

    @Test
    void leadsAreNotAskedForWhileALimitIsKnownToBeUsedUp() throws Exception {
        rig.camel.getRegistry().bind("enrichmentStage", new Stage());
        rig.camel.getRegistry().bind("usageGate", gate());
        rig.load("file:routes/pipeline/lead-enrich-ask.camel.yaml");
        rig.load("file:routes/pipeline/lead-enrich-call.camel.yaml");
        List<Map<String, Object>> ada = List.of(Map.of("emailAddress", "ada@example.com"));
        rig.limits.read(usage("limit", "requestLimit", 1000, 1000, 0));

        assertThat(callFor(ada).getException()).isInstanceOfSatisfying(ZoomInfoException.class,
                e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.QUOTA_EXHAUSTED));
        assertThat(rig.zoomInfo.calls("/enrich/contact")).isEmpty();

        rig.limits.read(usage("limit", "requestLimit", 1000, 0, 1000));
        assertThat(callFor(ada).getException()).isNull();
        assertThat(rig.zoomInfo.calls("/enrich/contact")).hasSize(1);
    }

    private Exchange callFor(List<Map<String, Object>> batch) {
        return rig.camel.createFluentProducerTemplate().to("direct:lead-enrich-call").withBody(batch)
                .withVariable("batch", batch).send();
    }

    @Test
    void theWatchReadsTheUsageThroughItsKameletAndSaysHowManyCreditsSomebodyElseHasSpent() throws Exception {
        AtomicInteger credits = new AtomicInteger(500);
        rig.zoomInfo.behave(call -> call.path().equals("/lookup/usage") ? Answer.json(200, "{\"usage\":[{\"limitType\":"
                + "\"recordLimit\",\"totalLimit\":1000,\"currentUsage\":7,\"usageRemaining\":993},{\"limitType\":"
                + "\"uniqueIdLimit\",\"totalLimit\":1000,\"currentUsage\":" + credits + ",\"usageRemaining\":500}]}")
                : FakeZoomInfo.usual(call));
        Warnings told = new Warnings(CreditWatch.class);
        DataSource database = TestDatabase.fresh();
        CreditLedger ledger = LedgerFixture.ledger(database);
        rig.camel.getRegistry().bind("usageWatch", new UsageWatch(rig.limits,
                new CreditWatch(database, ledger, rig.meters, "now()"), LedgerFixture.redeemed(database)));
        rig.camel.getRegistry().bind("parkedLeads", new ParkedLeads(LedgerFixture.stages(database),
                CircuitsTest.circuits(database, "account"), rig.limits, gate()));
        rig.load("file:routes/shared/job.camel.yaml");
        rig.load("file:routes/jobs/zoominfo-usage-watch.camel.yaml");
        AdviceWith.adviceWith(rig.camel, "zoominfo-usage-watch", route -> route.replaceFromWith("direct:watch"));

        assertThat(rig.send("direct:watch", null).getException()).isNull();

        assertThat(rig.limits.of(Limit.RECORD)).get().satisfies(reading -> assertThat(reading.used()).isEqualTo(7));
        assertThat(rig.meters.get("leadroutes.credits.drift").gauge().value()).isZero();

        ledger.settle(List.of(new Settlement("ours", "web", 20, true)));
        credits.addAndGet(20 + 37);
        assertThat(rig.send("direct:watch", null).getException()).isNull();
        assertThat(rig.meters.get("leadroutes.credits.drift").gauge().value()).isEqualTo(37);
        assertThat(rig.send("direct:watch", null).getException()).isNull();
        assertThat(told.texts()).singleElement().asString().startsWith("ZoomInfo has counted 37 credit(s) beyond");
        told.close();
    }
}
