package io.leadroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.TestDatabase;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The sweep as the route runs it, started by the test in place of the timer. */
class ComplianceSweepTest {

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final Suppressions suppressions = new Suppressions(database, Optional.empty());
    private final PersonCheck zoomInfo = new PersonCheck();
    private final CamelContext camel = new DefaultCamelContext();
    private final ComplianceSweep sweep = new ComplianceSweep(database, Duration.ofHours(24));

    @BeforeEach
    void start() throws Exception {
        camel.getRegistry().bind("complianceGate", new ComplianceGate(suppressions, new PersonNotices(database),
                ConsentFixture.optOuts(suppressions, database), Duration.ofHours(24), true));
        camel.getRegistry().bind("complianceSweep", sweep);
        camel.getRegistry().bind("personCheck", zoomInfo);
        for (String file : List.of("routes/shared/job.camel.yaml", "routes/shared/zoominfo-caller.camel.yaml",
                "src/test/resources/compliance/person-check.camel.yaml")) {
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.resolveMandatoryResource(camel,
                    "file:" + file));
        }
        String yaml = Files.readString(Path.of("routes/jobs/compliance-sweep.camel.yaml"));
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("compliance-sweep.camel.yaml",
                yaml.replaceAll("uri: timer:compliance-sweep\\s+parameters:\\s+period: 10000\\s+delay: 10000",
                        "uri: direct:compliance-sweep")));
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private void tick() {
        camel.createFluentProducerTemplate().to("direct:compliance-sweep").send();
    }

    private void redeemed(int from, int to) {
        jdbc.update("insert into redeemed_person (person_id) select g::text from generate_series(?, ?) g", from, to);
    }

    @Test
    void everybodyUnderManagementIsAskedAboutOnceADayAndWhoOptedOutIsSuppressedAndMarked() {
        redeemed(1, 60);
        zoomInfo.answer("42", "OPT_OUT");
        tick();

        assertThat(jdbc.queryForObject("select count(*) from person_notice where last_checked > now() - interval "
                + "'1 minute'", Integer.class)).isEqualTo(60);
        assertThat(suppressions.suppressedPersons(List.of("41", "42"))).containsExactly("42");
        assertThat(jdbc.queryForMap("select kind, zoominfo_id, origin from crm_update"))
                .isEqualTo(Map.of("kind", "OPT_OUT", "zoominfo_id", "42", "origin", "compliance"));
        assertThat(sweep.progress()).satisfies(progress -> {
            assertThat(progress.checked()).isEqualTo(60);
            assertThat(progress.finishedAt()).isPresent();
            assertThat(progress.due()).isZero();
        });
        assertThat(zoomInfo.asked()).hasSize(3);
        tick();
        assertThat(zoomInfo.asked()).hasSize(3);

        jdbc.update("update person_notice set last_checked = now() - interval '25 hours'");
        tick();
        // Whoever has opted out stays out and is not asked about again.
        assertThat(zoomInfo.asked().subList(3, 6).stream().flatMap(List::stream)).hasSize(59).doesNotContain("42");
    }

    @Test
    void aFailureEndsTheRunAndTheNextGoesOnWhereItStopped() {
        redeemed(1, 50);
        zoomInfo.failOnce(new ZoomInfoException(FailureClass.QUOTA_EXHAUSTED, "Request limit exceeded", ""));
        tick();
        assertThat(sweep.progress().due()).isEqualTo(50);
        tick();
        assertThat(zoomInfo.asked()).as("the pause after a failure").isEmpty();

        jdbc.update("update compliance_sweep set lease_until = now()");
        tick();
        assertThat(sweep.progress().due()).isZero();
    }

    @Test
    void oneReplicaAtATimeAndAnotherTakesOverWhenItsLeaseEnds() {
        redeemed(1, 30);
        ComplianceSweep other = new ComplianceSweep(database, Duration.ofHours(24));
        assertThat(other.begin()).hasSize(25);
        tick();
        assertThat(zoomInfo.asked()).isEmpty();

        jdbc.update("update compliance_sweep set lease_until = now()");
        tick();
        assertThat(sweep.progress().due()).isZero();
        assertThat(other.next(List.of())).as("the lease went to another").isEmpty();
    }

    @Test
    void theSweepStepsAsideWhileLiveLeadsWait() {
        redeemed(1, 30);
        jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead)
                select gen_random_uuid(), 'web', g::text, '1', 'r', 'RECEIVED', '{}' from generate_series(1, 25) g""");
        tick();
        assertThat(zoomInfo.asked()).isEmpty();
        assertThat(sweep.progress().finishedAt()).isEmpty();

        jdbc.update("update lead_event set state = 'DONE'");
        tick();
        assertThat(sweep.progress().due()).isZero();
    }

    @Test
    void changedFlagsAndNoticeDatesGoToTheCrmOnce() {
        redeemed(1, 3);
        zoomInfo.record("1", Map.of("withinEu", true, "noticeProvidedDate", "11/03/2024"));
        zoomInfo.record("2", Map.of("withinEu", false, "noticeProvidedDate", "Notice not required"));
        tick();
        assertThat(jdbc.queryForList("select zoominfo_id || ' ' || profile from crm_update where kind = 'PERSON'",
                String.class)).containsExactly("1 {\"withinEu\": true, \"noticeProvidedDate\": \"2024-11-03\"}");

        jdbc.update("update person_notice set last_checked = now() - interval '25 hours'");
        tick();
        assertThat(jdbc.queryForObject("select count(*) from crm_update", Integer.class)).isEqualTo(1);
    }
}
