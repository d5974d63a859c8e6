package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.lead.credit.CreditBudgets;
import io.leadroutes.lead.credit.CreditReader;
import io.leadroutes.lead.credit.CreditReader.Ledger;
import io.leadroutes.lead.credit.Redeemed;
import io.leadroutes.zoominfo.FakeZoomInfo.Answer;
import io.leadroutes.zoominfo.pacing.PacingFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kamelet calls of a route that an engineer has written, with a budget of ten credits, none kept for live leads. */
class RouteCreditsTest {

    private static final String ENRICH = "kamelet:zoominfo-enrich-contact-action?outputFields=id";
    private final DataSource database = TestDatabase.fresh();
    private final CreditBudgets budgets = LedgerFixture.budgets(Optional.of(10L));
    private final Redeemed redeemed = LedgerFixture.redeemed(database);
    private ZoomInfoRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new ZoomInfoRig(PacingFixture.memory(), "0");
        rig.credits.count(new RouteCredits(LedgerFixture.ledger(database, budgets, "now()"), redeemed));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private static List<Map<String, Object>> persons(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(id -> Map.<String, Object>of("personId", id)).toList();
    }

    /** Finds all who are asked for but the last. */
    private void answer(List<Map<String, Object>> inputs) {
        rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact") ? Answer.json(200, "{\"success\":true,\"data\":"
                + "{\"result\":[" + IntStream.range(0, inputs.size()).mapToObj(i -> "{\"input\":{\"personid\":"
                + inputs.get(i).get("personId") + "},\"data\":[" + (i == inputs.size() - 1 ? "" : "{\"id\":"
                + inputs.get(i).get("personId") + "}") + "]}").collect(Collectors.joining(",")) + "]}}")
                : FakeZoomInfo.usual(call));
    }

    private Exchange enrich(List<Map<String, Object>> inputs) throws Exception {
        answer(inputs);
        return rig.send(ENRICH, inputs);
    }

    private Ledger ledger() {
        return new CreditReader(database, budgets, "now()").read();
    }

    @Test
    void aCallIsReservedBeforeAndSettledFromItsAnswerAndTheRestIsGivenBack() throws Exception {
        assertThat(enrich(persons(1, 8)).getException()).isNull();
        assertThat(ledger().settledBySource()).isEqualTo(Map.of("route", 7L));
        assertThat(ledger().reserved()).isZero();
        assertThat(enrich(persons(1, 8)).getException()).as("seven of the eight are under management").isNull();
        assertThat(ledger().settled()).isEqualTo(7);
    }

    @Test
    void aCallThatTheBudgetDoesNotCoverIsNotMade() throws Exception {
        assertThat(enrich(persons(1, 8)).getException()).isNull();
        Exchange refused = enrich(persons(11, 14));
        assertThat(refused.getException()).isInstanceOfSatisfying(ZoomInfoException.class, failure -> {
            assertThat(failure.getFailureClass()).isEqualTo(FailureClass.QUOTA_EXHAUSTED);
            assertThat(failure.getMessage()).startsWith("CREDIT_BUDGET: zoominfo.credit-budget leaves no room");
        });
        assertThat(rig.zoomInfo.calls("/enrich/contact")).hasSize(1);
        assertThat(enrich(persons(11, 13)).getException()).isNull();
        assertThat(ledger().settled()).isEqualTo(9);
    }

    @Test
    void aCallThatFailsWithoutCostIsGivenBackAndOneThatMayHaveCostIsNot() throws Exception {
        rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact")
                ? Answer.json(400, "{\"error\":\"There are invalid fields in your request\"}") : FakeZoomInfo.usual(call));
        assertThat(rig.send(ENRICH, persons(1, 5)).getException()).isNotNull();
        assertThat(ledger().reserved()).isZero();

        rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact") ? Answer.json(500, "{}")
                : FakeZoomInfo.usual(call));
        assertThat(rig.send(ENRICH, persons(1, 5)).getException()).isNotNull();
        assertThat(ledger().reserved()).isEqualTo(5);
    }
}
