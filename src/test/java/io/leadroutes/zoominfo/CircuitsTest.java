package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.TestDatabase;
import io.leadroutes.zoominfo.Circuit.Pass;
import io.leadroutes.zoominfo.Circuits.Open;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class CircuitsTest {

    private static final DataSource DATABASE = TestDatabase.fresh();
    private static final String CONTACT = "enrich/contact";
    private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE);
    private final Circuits here = circuits("a");
    private final Circuits there = circuits("a");

    private static Circuits circuits(String account) {
        return circuits(DATABASE, account);
    }

    static Circuits circuits(DataSource database, String account) {
        return new Circuits(database, account, new Circuits.Pauses(Duration.ofSeconds(10), Duration.ofSeconds(30),
                Duration.ofMinutes(1), Duration.ofMinutes(15)), new SimpleMeterRegistry());
    }

    @BeforeEach
    void empty() {
        jdbc.update("truncate zoominfo_circuit");
    }

    @Test
    void threeCallsWithoutAnAnswerOpenTheCircuitForAllReplicasAndForThisFamilyAndAccountAlone() throws Exception {
        fail(here, CONTACT, FailureClass.UNKNOWN_OUTCOME, 1);
        fail(there, CONTACT, FailureClass.TRANSIENT, 1);
        assertThat(here.admit(CONTACT, "r").probe()).isFalse();
        fail(here, "enrich/company", FailureClass.TRANSIENT, 1);

        for (Circuits replica : List.of(here, there)) {
            assertThatThrownBy(() -> replica.admit(CONTACT, "r")).isInstanceOfSatisfying(CircuitOpenException.class,
                    e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.TRANSIENT));
        }
        assertThat(here.admit("search/contact", "r").probe()).isFalse();
        assertThat(circuits("b").admit(CONTACT, "r").probe()).isFalse();
        assertThat(here.open()).singleElement().satisfies(open -> {
            assertThat(open.cause()).isEqualTo("OUTAGE");
            assertThat(open.family()).isEqualTo("enrich");
        });
    }

    @Test
    void oneProbeAtATimeFindsOutAndItsSuccessClosesTheCircuit() throws Exception {
        fail(here, CONTACT, FailureClass.TRANSIENT, Circuits.UNANSWERED);
        due();
        Pass probe = here.admit(CONTACT, "r");
        assertThat(probe.probe()).isTrue();
        assertThatThrownBy(() -> there.admit(CONTACT, "r")).isInstanceOf(CircuitOpenException.class);
        assertThatThrownBy(() -> here.admit("enrich/company", "r")).isInstanceOf(CircuitOpenException.class);

        here.succeeded(CONTACT, probe);

        assertThat(there.admit(CONTACT, "r").probe()).isFalse();
        assertThat(here.open()).isEmpty();
        // The failures before do not count any more.
        fail(there, CONTACT, FailureClass.TRANSIENT, Circuits.UNANSWERED - 1);
        assertThat(here.admit(CONTACT, "r").probe()).isFalse();
    }

    @Test
    void aCallThatALaterOneHasOvertakenIsSlowByItselfAndNoOutage() throws Exception {
        for (int i = 0; i < 10; i++) {
            Pass slow = here.admit(CONTACT, "slow");
            here.succeeded(CONTACT, here.admit(CONTACT, "later"));
            here.failed(CONTACT, slow, failure(FailureClass.UNKNOWN_OUTCOME), false);
        }
        fail(here, CONTACT, FailureClass.UNKNOWN_OUTCOME, Circuits.UNANSWERED - 1);
        assertThat(here.admit(CONTACT, "r").probe()).isFalse();
        fail(here, CONTACT, FailureClass.UNKNOWN_OUTCOME, 1);
        assertThatThrownBy(() -> here.admit(CONTACT, "r")).isInstanceOf(CircuitOpenException.class);
    }

    @Test
    void eachProbeThatFailsDoublesThePauseUpToTheLongest() throws Exception {
        fail(here, CONTACT, FailureClass.TRANSIENT, Circuits.UNANSWERED);
        assertThat(pauseSeconds()).isEqualTo(10);
        for (int expected : new int[] {20, 30, 30}) {
            due();
            here.failed(CONTACT, here.admit(CONTACT, "r"), failure(FailureClass.UNKNOWN_OUTCOME), false);
            assertThat(pauseSeconds()).isEqualTo(expected);
        }
        assertThat(here.open().get(0).tries()).isEqualTo(3);
    }

    @Test
    void aProbeWhoseProcessDiedIsFollowedByAnother() throws Exception {
        fail(here, CONTACT, FailureClass.TRANSIENT, Circuits.UNANSWERED);
        due();
        here.admit(CONTACT, "r");
        jdbc.update("update zoominfo_circuit set probe_until = now() - interval '1 second'");
        assertThat(there.admit(CONTACT, "r").probe()).isTrue();
    }

    @Test
    void errorsOfTheServerOpenItOnlyWhenNothingElseComesBetweenThem() throws Exception {
        for (int i = 0; i < 10; i++) {
            fail(here, CONTACT, FailureClass.SERVER_ERROR, Circuits.FAILING - 1);
            assertThat(here.admit(CONTACT, "r").probe()).isFalse();
            here.succeeded(CONTACT, Pass.closed());
        }
        fail(here, CONTACT, FailureClass.SERVER_ERROR, Circuits.FAILING);
        assertThatThrownBy(() -> here.admit(CONTACT, "r")).isInstanceOf(CircuitOpenException.class);
    }

    @Test
    void aSuspectThatFailsSaysNothingAboutZoomInfoAndARefusedRequestShowsItAtWork() throws Exception {
        for (int i = 0; i < 20; i++) {
            here.failed(CONTACT, Pass.closed(), failure(FailureClass.SERVER_ERROR), true);
        }
        assertThat(here.admit(CONTACT, "r").probe()).isFalse();
        fail(here, CONTACT, FailureClass.TRANSIENT, Circuits.UNANSWERED - 1);
        fail(here, CONTACT, FailureClass.INVALID_REQUEST, 1);
        fail(here, CONTACT, FailureClass.TRANSIENT, Circuits.UNANSWERED - 1);
        assertThat(here.admit(CONTACT, "r").probe()).isFalse();
    }

    @Test
    void whatTheAccountMayNotDoStopsThatOperationAtOnceAndGoesOnWhenThereIsWord() throws Exception {
        fail(here, CONTACT, FailureClass.QUOTA_EXHAUSTED, 1);
        fail(here, "enrich/tech", FailureClass.NOT_LICENSED, 1);
        assertThatThrownBy(() -> here.admit(CONTACT, "r")).isInstanceOfSatisfying(ZoomInfoException.class,
                e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.QUOTA_EXHAUSTED));
        assertThat(here.admit("enrich/company", "r").probe()).isFalse();
        assertThat(here.open()).extracting(Open::family).containsExactly(CONTACT, "enrich/tech");

        there.tryAgain(FailureClass.QUOTA_EXHAUSTED);

        assertThat(here.admit(CONTACT, "r").probe()).isTrue();
        assertThatThrownBy(() -> here.admit("enrich/tech", "r")).isInstanceOf(CircuitOpenException.class);
    }

    @Test
    void aDisallowedFieldStopsNothing() throws Exception {
        here.failed(CONTACT, Pass.closed(), new ZoomInfoException(FailureClass.NOT_LICENSED, 403, "fields",
                Optional.empty(), "r", List.of("phone")), false);
        assertThat(here.admit(CONTACT, "r").probe()).isFalse();
    }

    @Test
    void anAnswerToACallThatLeftBeforeTheTroubleClosesNothing() {
        fail(here, CONTACT, FailureClass.TRANSIENT, Circuits.UNANSWERED);
        here.succeeded(CONTACT, Pass.closed());
        there.succeeded(CONTACT, Pass.closed());
        assertThatThrownBy(() -> here.admit(CONTACT, "r")).isInstanceOf(CircuitOpenException.class);
    }

    @Test
    void aProbeThatWasTooFastIsNoProbe() throws Exception {
        fail(here, CONTACT, FailureClass.TRANSIENT, Circuits.UNANSWERED);
        due();
        here.failed(CONTACT, here.admit(CONTACT, "r"), failure(FailureClass.RATE_LIMITED), false);
        assertThat(there.admit(CONTACT, "r").probe()).isTrue();
        assertThat(here.open().get(0).tries()).isZero();
    }

    @Test
    void whetherZoomInfoHasServedOthersSinceIsKnownAcrossReplicas() {
        Instant before = Instant.now().minusSeconds(60);
        assertThat(here.succeededSince(CONTACT, before)).isFalse();
        there.succeeded("enrich/company", Pass.closed());
        assertThat(here.succeededSince(CONTACT, before)).as("companies are served, persons perhaps not").isFalse();
        there.succeeded(CONTACT, Pass.closed());
        assertThat(here.succeededSince(CONTACT, before)).isTrue();
        assertThat(here.succeededSince(CONTACT, Instant.now().plusSeconds(60))).isFalse();
    }

    private static void fail(Circuits circuits, String operation, FailureClass kind, int times) {
        for (int i = 0; i < times; i++) {
            circuits.failed(operation, Pass.closed(), failure(kind), false);
        }
    }

    private static ZoomInfoException failure(FailureClass kind) {
        return new ZoomInfoException(kind, "no", "sent");
    }

    private void due() {
        jdbc.update("update zoominfo_circuit set retry_at = now() where state = 'OPEN'");
    }

    private long pauseSeconds() {
        return jdbc.queryForObject(
                "select round(extract(epoch from retry_at - now())) from zoominfo_circuit where state = 'OPEN'", Long.class);
    }
}
