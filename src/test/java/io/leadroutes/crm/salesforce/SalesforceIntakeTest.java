package io.leadroutes.crm.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.salesforce.eventbus.protobuf.ReplayPreset;
import io.grpc.Status;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.LetterFilter;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The change-event stream against a bus that misbehaves on order. */
@QuarkusTest
@TestProfile(SalesforceIntakeTest.Stream.class)
class SalesforceIntakeTest {

    private static final String UI = "com/salesforce/ui";

    public static class Stream implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("salesforce.stream.enabled", "true",
                    "salesforce.stream.max-silence", "PT1.5S",
                    "salesforce.stream.retry-initial", "PT0.1S",
                    "salesforce.stream.retry-max", "PT0.5S",
                    "salesforce.stream.check-every", "PT0.1S",
                    "camel.main.routes-include-pattern", "file:routes/intake/salesforce-lead-created.camel.yaml,"
                            + "file:routes/shared/salesforce-intake.camel.yaml");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(SalesforceTestBench.class));
        }
    }

    FakePubSub bus;

    @Inject
    DataSource dataSource;
    @Inject
    SalesforceStream stream;
    @Inject
    DeadLetters deadLetters;

    private JdbcTemplate jdbc;

    @BeforeEach
    void subscribed() {
        jdbc = new JdbcTemplate(dataSource);
        within(() -> assertThat(bus.openStreams()).isEqualTo(1));
        within(() -> assertThat(stream.status().state()).isEqualTo(SalesforceStream.State.SUBSCRIBED));
    }

    @AfterEach
    void wellBehaved() {
        bus.mute(false);
        bus.refuseReplayIds(false);
        jdbc.execute("drop trigger if exists refuse on lead_event");
    }

    @Test
    void aCreatedLeadIsInTheInboxWithItsFieldsAndThePositionIsStored() {
        String id = recordId();
        String replayId = bus.publish("CREATE", UI, "Lovelace", id);

        within(() -> assertThat(taken(id)).isEqualTo(1));
        Map<String, Object> row = jdbc.queryForMap("""
                select source, state, priority, lead->>'firstName' as first, lead->>'lastName' as last,
                       lead->>'company' as company, lead->'attributes'->>'LeadSource' as lead_source
                from lead_event where record_id = ?""", id);
        assertThat(row).containsEntry("source", "salesforce").containsEntry("state", "RECEIVED")
                .containsEntry("first", "Ada").containsEntry("last", "Lovelace").containsEntry("company", "Acme")
                .containsEntry("lead_source", "Web");
        assertThat(replayId).contains("+");
        within(() -> assertThat(position()).contains(replayId));
    }

    @Test
    void ourOwnWritesAndOtherChangesMoveOnlyThePosition() {
        String own = recordId();
        String update = recordId();
        bus.publish("CREATE", "com/salesforce/api/rest/62.0;client=leadroutes", "Own", own);
        jdbc.update("update salesforce_reconcile set wanted_cause = null");
        bus.publish("GAP_CREATE", "", "Gap", recordId());
        String last = bus.publish("UPDATE", UI, "Updated", update);

        within(() -> assertThat(position()).contains(last));
        assertThat(jdbc.queryForObject("select wanted_cause from salesforce_reconcile", String.class)).isEqualTo("gap-event");
        assertThat(taken(own)).isZero();
        assertThat(taken(update)).isZero();
    }

    @Test
    void anEventOfSeveralRecordsGivesALeadEach() {
        String one = recordId();
        String other = recordId();
        bus.publish("CREATE", UI, "Bulk", one, other);

        within(() -> assertThat(taken(one) + taken(other)).isEqualTo(2));
    }

    @Test
    void anEventThatCannotBeReadIsADeadLetterAndTheNextOneArrives() {
        String last = recordId();
        bus.publish("CREATE", UI, "Broken", "not an id");
        bus.publish("CREATE", UI, "Good", last);

        within(() -> assertThat(taken(last)).isEqualTo(1));
        assertThat(deadLetters.list(LetterFilter.ALL.open(), Optional.empty(), 10))
                .anySatisfy(letter -> assertThat(letter.message()).contains("recordIds"));
    }

    @Test
    void aStreamThatTheServerEndsIsOpenedAgainWhereItWas() {
        String during = recordId();
        bus.publish("CREATE", UI, "Before", recordId());
        bus.mute(true);
        bus.publish("CREATE", UI, "During", during);
        bus.mute(false);
        bus.endStreams();

        within(() -> assertThat(taken(during)).isEqualTo(1));
    }

    @Test
    void aStreamThatBreaksIsOpenedAgainAtTheStoredPosition() {
        String before = bus.publish("CREATE", UI, "Before", recordId());
        within(() -> assertThat(position()).contains(before));
        bus.breakStreams(Status.UNAVAILABLE);

        within(() -> assertThat(bus.openStreams()).isEqualTo(1));
        var last = bus.subscriptions().get(bus.subscriptions().size() - 1);
        assertThat(last.getReplayPreset()).isEqualTo(ReplayPreset.CUSTOM);
        assertThat(java.util.Base64.getEncoder().encodeToString(last.getReplayId().toByteArray())).isEqualTo(before);
    }

    @Test
    void aSilentStreamIsOpenedAgain() {
        String unheard = recordId();
        bus.mute(true);
        bus.publish("CREATE", UI, "Unheard", unheard);

        within(() -> assertThat(taken(unheard)).isEqualTo(1));
    }

    @Test
    void aPositionThatTheBusRefusesStartsTheStreamAtTheEarliestEvent() {
        String before = bus.publish("CREATE", UI, "Before", recordId());
        within(() -> assertThat(position()).contains(before));
        String during = recordId();
        bus.mute(true);
        bus.publish("CREATE", UI, "During", during);
        bus.refuseReplayIds(true);
        bus.mute(false);
        bus.breakStreams(Status.UNAVAILABLE);

        within(() -> assertThat(taken(during)).isEqualTo(1));
        assertThat(stream.status().lastError()).hasValueSatisfying(error -> assertThat(error).contains("replayid"));
    }

    @Test
    void anEventThatCouldNotBeStoredIsNotSkipped() {
        String refused = recordId();
        String later = recordId();
        // A sequence keeps its value when the transaction is rolled back.
        jdbc.execute("create sequence refusals");
        jdbc.execute("""
                create or replace function refuse_lead() returns trigger language plpgsql as
                $$ begin perform nextval('refusals'); raise exception 'no space left'; end $$""");
        jdbc.execute("""
                create trigger refuse before insert on lead_event for each row
                when (new.lead->>'lastName' = 'Refused') execute function refuse_lead()""");
        Optional<String> before = position();
        bus.publish("CREATE", UI, "Refused", refused);
        bus.publish("CREATE", UI, "Later", later);
        within(() -> assertThat(jdbc.queryForObject("select is_called and last_value > 1 from refusals",
                Boolean.class)).as("the event came again after it was refused").isTrue());
        assertThat(taken(later)).isZero();
        assertThat(position()).isEqualTo(before);
        jdbc.execute("drop trigger refuse on lead_event");

        within(() -> assertThat(taken(refused) + taken(later)).isEqualTo(2));
    }

    @Test
    void onlyTheHolderOfTheLockSubscribesAndALostSessionStopsTheStream() throws SQLException {
        StreamLock second = new StreamLock(dataSource, SalesforceStream.TOPIC);
        assertThat(second.acquire()).isFalse();
        int before = bus.subscriptions().size();
        jdbc.queryForList("""
                select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
                and classid::bigint = (hashtext('leadroutes.salesforce.stream')::bigint & 4294967295)""");

        within(() -> assertThat(second.acquire() || bus.subscriptions().size() > before).isTrue());
        second.release();
        within(() -> assertThat(bus.openStreams()).isEqualTo(1));
    }

    @Test
    void aLeadCreatedWhileTheRouteWasStoppedArrivesAfterwards() throws Exception {
        List<String> ids = List.of(recordId(), recordId(), recordId());
        stream.onStop(null);
        within(() -> assertThat(bus.openStreams()).isZero());
        ids.forEach(id -> bus.publish("CREATE", UI, "Missed", id));
        stream.onStart(null);

        within(() -> assertThat(ids).allSatisfy(id -> assertThat(taken(id)).isEqualTo(1)));
    }

    private int taken(String recordId) {
        return jdbc.queryForObject("select count(*) from lead_event where record_id = ?", Integer.class, recordId);
    }

    private Optional<String> position() {
        return jdbc.queryForList("select replay_id from salesforce_replay where replay_id is not null", String.class)
                .stream().findFirst();
    }

    private static String recordId() {
        return "00QSb" + UUID.randomUUID().toString().replace("-", "").substring(0, 10) + "MAA";
    }

    private static void within(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50)).untilAsserted(assertion);
    }
}
