package io.leadroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.TestDatabase;
import io.leadroutes.compliance.Suppressions.Identity;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The route as it stands in the repository, with a stand-in for the Kamelet alone. */
class ComplianceGateTest {

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final Suppressions suppressions = new Suppressions(database, Optional.empty());
    private final Map<String, String> statuses = new HashMap<>();
    private final Map<String, Map<String, Object>> records = new HashMap<>();
    private final List<List<Map<String, Object>>> calls = new ArrayList<>();
    private final List<ZoomInfoException> failures = new ArrayList<>();
    private CamelContext camel;

    @AfterEach
    void stop() {
        camel.stop();
    }

    private void start(Duration maxAge, boolean ask) throws Exception {
        camel = new DefaultCamelContext();
        camel.getRegistry().bind("complianceGate",
                new ComplianceGate(suppressions, new PersonNotices(database),
                        ConsentFixture.optOuts(suppressions, database), maxAge, ask));
        camel.getComponent("kamelet", KameletComponent.class).setNoErrorHandler(true);
        camel.getPropertiesComponent().addInitialProperty("zoominfo.retry.delay", "1");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                routeTemplate("zoominfo-compliance-action").from("kamelet:source").process(ComplianceGateTest.this::answer);
            }
        });
        for (String file : List.of("shared/zoominfo-caller", "pipeline/compliance-person-check", "pipeline/compliance-gate")) {
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.resolveMandatoryResource(camel,
                    "file:routes/" + file + ".camel.yaml"));
        }
        camel.start();
    }

    private void answer(Exchange exchange) throws ZoomInfoException {
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> inputs = exchange.getMessage().getBody(List.class);
        calls.add(inputs);
        if (!failures.isEmpty()) {
            throw failures.remove(0);
        }
        exchange.getMessage().setBody(Map.of("success", true, "data", Map.of("result", inputs.stream().map(input -> {
            String id = input.get("personId").toString();
            return Map.of("input", Map.of("personid", input.get("personId")), "data",
                    List.of(records.getOrDefault(id, Map.of())), "matchStatus", statuses.getOrDefault(id, "FULL_MATCH"));
        }).toList())));
    }

    private Exchange ask(Object... subjects) {
        return camel.createFluentProducerTemplate().to("direct:compliance-gate").withBody(List.of(subjects)).send();
    }

    private Set<?> refused(Object... subjects) {
        Exchange answer = ask(subjects);
        assertThat(answer.getException()).isNull();
        return answer.getMessage().getBody(Set.class);
    }

    @Test
    void whoOptedOutAtZoomInfoIsRefusedAndSuppressed() throws Exception {
        start(Duration.ofHours(24), true);
        statuses.put("2", "OPT_OUT");

        assertThat(refused("1", "2", "3")).isEqualTo(Set.of("2"));
        assertThat(suppressions.suppressedPersons(List.of("1", "2", "3"))).containsExactly("2");
    }

    @Test
    void aPersonIsAskedAboutOnceWithinTheAgeAndASuppressedOneNever() throws Exception {
        start(Duration.ofHours(24), true);
        suppressions.suppress(Identity.ofPerson("9"), "webhook", "opted out", Map.of());

        assertThat(refused("1", "9")).isEqualTo(Set.of("9"));
        assertThat(refused("1", "9")).isEqualTo(Set.of("9"));
        assertThat(calls).containsExactly(List.of(Map.of("personId", 1L)));

        jdbc.update("update person_notice set last_checked = now() - interval '25 hours'");
        refused("1");
        assertThat(calls).hasSize(2);
    }

    @Test
    void sixtyPersonsAreThreeCalls() throws Exception {
        start(Duration.ofHours(24), true);
        statuses.put("160", "OPT_OUT");

        assertThat(refused(IntStream.range(101, 161).mapToObj(String::valueOf).toArray())).isEqualTo(Set.of("160"));
        assertThat(calls).extracting(List::size).containsExactly(25, 25, 10);
    }

    @Test
    void flagsAndNoticeAreKept() throws Exception {
        start(Duration.ZERO, true);
        records.put("1", Map.of("withinEu", true, "withinCalifornia", "false", "noticeProvidedDate", "11/03/2024"));
        refused("1");
        records.put("1", new LinkedHashMap<>(Map.of("withinCanada", true)));
        refused("1");

        assertThat(jdbc.queryForMap("select within_eu, within_california, within_canada, notice, notice_date::text as d "
                + "from person_notice")).containsEntry("within_eu", true).containsEntry("within_california", false)
                .containsEntry("within_canada", true).containsEntry("notice", "11/03/2024")
                .containsEntry("d", "2024-11-03");
    }

    @Test
    void aPassingFailureIsRepeatedAndALastingOneReachesTheCaller() throws Exception {
        start(Duration.ofHours(24), true);
        failures.add(new ZoomInfoException(FailureClass.TRANSIENT, "not there", ""));
        assertThat(refused("1")).isEmpty();
        assertThat(calls).hasSize(2);

        failures.add(new ZoomInfoException(FailureClass.QUOTA_EXHAUSTED, "Request limit exceeded", ""));
        assertThat(ask("2").getException()).hasStackTraceContaining("Request limit exceeded");
        assertThat(calls).hasSize(3);
    }

    @Test
    void withoutZoomInfoOnlyTheOwnListIsAsked() throws Exception {
        start(Duration.ZERO, false);
        suppressions.suppress(Identity.ofPerson("9"), "webhook", "opted out", Map.of());

        assertThat(refused("1", "9")).isEqualTo(Set.of("9"));
        assertThat(calls).isEmpty();
    }
}
