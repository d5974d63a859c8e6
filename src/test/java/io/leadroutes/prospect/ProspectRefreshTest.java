package io.leadroutes.prospect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.TestDatabase;
import io.leadroutes.compliance.OptOuts;
import io.leadroutes.compliance.Suppressions.Identity;
import io.leadroutes.compliance.Suppressions;
import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.UsageGateFixture;
import io.leadroutes.zoominfo.ZoomInfoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** The routes as they stand in the repository; the three Kamelets answer as the test says. */
class ProspectRefreshTest {

    @TempDir
    Path directory;
    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final Suppressions suppressions = new Suppressions(database, Optional.empty());
    private final CamelContext camel = new DefaultCamelContext();
    private final List<Map<String, Object>> found = new ArrayList<>();
    private final Set<String> crm = new TreeSet<>();
    private final List<List<String>> enriched = new ArrayList<>();
    private ZoomInfoException failure;
    private ProspectRefresh refresh;

    @BeforeEach
    void start() throws Exception {
        write(true, 100, 1_000);
        CrmUpdates updates = new CrmUpdates(database, Duration.ofDays(7));
        refresh = new ProspectRefresh(database, new ProspectLists(directory.resolve("prospects.yaml")), suppressions,
                new OptOuts(suppressions, updates), updates, LedgerFixture.ledger(database),
                LedgerFixture.redeemed(database), new ObjectMapper());
        camel.getRegistry().bind("prospectRefresh", refresh);
        camel.getRegistry().bind("usageGate", UsageGateFixture.open());
        camel.getComponent("kamelet", KameletComponent.class).setNoErrorHandler(true);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                routeTemplate("zoominfo-search-contact-action").templateOptionalParameter("allPages")
                        .templateOptionalParameter("resultsPerPage").from("kamelet:source")
                        .process(exchange -> exchange.getMessage().setBody(found.iterator()));
                routeTemplate("salesforce-query-action").from("kamelet:source").process(exchange -> {
                    String query = exchange.getMessage().getBody(String.class);
                    exchange.getMessage().setBody("{\"records\":[" + crm.stream().filter(id -> query.contains("FROM Lead")
                            && query.contains("'" + id + "'")).map(id -> "{\"ZoomInfo_Person_Id__c\":\"" + id + "\"}")
                            .collect(Collectors.joining(",")) + "]}");
                });
                routeTemplate("zoominfo-enrich-contact-action").from("kamelet:source")
                        .process(ProspectRefreshTest.this::enrich);
                from("direct:compliance-gate").process(exchange -> exchange.getMessage().setBody(
                        suppressions.suppressedPersons(exchange.getMessage().getBody(List.class))));
            }
        });
        for (String file : List.of("shared/job", "shared/zoominfo-caller", "pipeline/prospect-list",
                "pipeline/prospect-batch", "pipeline/prospect-enrich")) {
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.resolveMandatoryResource(camel,
                    "file:routes/" + file + ".camel.yaml"));
        }
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private void write(boolean enabled, int perRun, int total) throws IOException {
        Files.writeString(directory.resolve("prospects.yaml"), """
                lists:
                  - name: vps
                    enabled: %b
                    every: 24h
                    criteria: {managementLevel: "VP Level Exec"}
                    wanted: {minAccuracy: 85, has: [Email]}
                    crm: {fields: {Rating: Hot}}
                    credits: {perRun: %d, total: %d}
                """.formatted(enabled, perRun, total));
    }

    private void enrich(Exchange exchange) throws ZoomInfoException {
        if (failure != null) {
            throw failure;
        }
        List<?> inputs = exchange.getMessage().getBody(List.class);
        enriched.add(inputs.stream().map(Map.class::cast).map(input -> input.get("personId").toString()).toList());
        exchange.getMessage().setBody(Map.of("data", Map.of("result", inputs.stream().map(Map.class::cast)
                .map(input -> Map.of("input", input, "matchStatus", "FULL_MATCH", "data",
                        List.of(Map.of("id", input.get("personId"), "lastName", "Lee")))).toList())));
    }

    private void people(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(id -> found.add(Map.of("id", id, "contactAccuracyScore", 90, "hasEmail",
                true)));
    }

    private int tick() {
        List<ProspectRun> runs = refresh.due();
        runs.forEach(run -> camel.createFluentProducerTemplate().to("direct:prospect-list").withBody(run).send());
        return runs.size();
    }

    /** As when the next day has come. */
    private void nextDay() {
        jdbc.update("update prospect_list set last_started = last_started - interval '25 hours', lease_until = now()");
    }

    private Map<String, Object> lastRun() {
        return jdbc.queryForMap("select * from prospect_run order by started_at desc limit 1");
    }

    @Test
    void onlyWhoIsNewAndWantedIsEnrichedAndQueuedForTheCrm() {
        people(1, 60);
        found.add(Map.of("id", 61, "contactAccuracyScore", 70, "hasEmail", true));
        found.add(Map.of("id", 62, "contactAccuracyScore", 90, "hasEmail", false));
        crm.add("7");
        suppressions.suppress(Identity.ofPerson("8"), "webhook", "opted out", Map.of());

        assertThat(tick()).isEqualTo(1);

        assertThat(enriched.stream().flatMap(List::stream)).hasSize(58).doesNotContain("7", "8", "61", "62");
        assertThat(lastRun()).containsEntry("state", "DONE").containsEntry("found", 62).containsEntry("unwanted", 2)
                .containsEntry("known", 1).containsEntry("suppressed", 1).containsEntry("queued", 58)
                .containsEntry("credits", 58).containsEntry("reserved", 0);
        assertThat(jdbc.queryForObject("select count(*) from crm_update where kind = 'NEW_LEAD' and origin = 'prospect' "
                + "and fields = '{\"Rating\": \"Hot\", \"LeadSource\": \"prospect:vps\"}'::jsonb", Integer.class)).isEqualTo(58);
    }

    @Test
    void theNextRunEnrichesOnlyWhoIsNewAndTellsWhoIsGone() {
        people(1, 30);
        tick();
        assertThat(tick()).as("not due yet").isZero();

        found.remove(0);
        people(31, 33);
        nextDay();
        tick();
        assertThat(enriched.get(enriched.size() - 1)).containsExactly("31", "32", "33");
        assertThat(lastRun()).containsEntry("gone", 1).containsEntry("credits", 3).containsEntry("known", 29);
    }

    @Test
    void creditsNeverPassTheBudgetOfTheRunNorOfTheListAndWhoIsPaidForIsFree() throws IOException {
        write(true, 10, 15);
        people(1, 40);
        jdbc.update("insert into redeemed_person (person_id) values ('40')");
        tick();
        assertThat(lastRun()).containsEntry("credits", 10).containsEntry("queued", 11).containsEntry("waiting", 29);

        nextDay();
        tick();
        assertThat(lastRun()).containsEntry("credits", 5).containsEntry("waiting", 24);
        nextDay();
        tick();
        assertThat(lastRun()).containsEntry("credits", 0).containsEntry("waiting", 24);
    }

    @Test
    void aRunThatFailsSaysSoAndItsReservationCountsAsSpent() {
        people(1, 3);
        failure = new ZoomInfoException(FailureClass.QUOTA_EXHAUSTED, "Request limit exceeded", "");
        tick();
        assertThat(lastRun()).containsEntry("state", "FAILED").containsEntry("reserved", 3).containsEntry("credits", 0);
        assertThat(tick()).as("the pause after a failure").isZero();

        failure = null;
        jdbc.update("update prospect_list set lease_until = now()");
        tick();
        assertThat(lastRun()).containsEntry("state", "DONE").containsEntry("queued", 3);
    }

    @Test
    void aRunStepsAsideWhileLiveLeadsWait() {
        people(1, 3);
        jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead)
                select gen_random_uuid(), 'web', g::text, '1', 'r', 'RECEIVED', '{}' from generate_series(1, 25) g""");
        CompletableFuture<Integer> run = CompletableFuture.supplyAsync(this::tick);
        await().atMost(Duration.ofSeconds(20)).until(() -> !jdbc.queryForList("select 1 from prospect_run").isEmpty());
        await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(20)).until(enriched::isEmpty);

        jdbc.update("update lead_event set state = 'DONE'");
        await().atMost(Duration.ofSeconds(20)).until(run::isDone);
        assertThat(lastRun()).containsEntry("queued", 3);
    }

    @Test
    void aDisabledListSpendsNothingAndTheShippedOneIsDisabled() throws IOException {
        write(false, 10, 10);
        people(1, 3);
        assertThat(tick()).isZero();
        assertThat(new ProspectLists(Path.of("rules/prospects.yaml")).read()).isNotEmpty()
                .noneMatch(ProspectList::enabled);
    }

    @Test
    void aFileThatCannotBeUnderstoodNamesListAndKey() throws IOException {
        Path file = directory.resolve("broken.yaml");
        Files.writeString(file, "lists: [{name: a, every: 24h, criteria: {x: y}, credits: {perRun: 1}}]");
        assertThatThrownBy(() -> new ProspectLists(file).read()).hasMessageContaining("list a, key credits.total");
        Files.writeString(file, "lists: [{name: a, every: soon, criteria: {x: y}}]");
        assertThatThrownBy(() -> new ProspectLists(file).read()).hasMessageContaining("key every");
        Files.writeString(file, "lists: [{name: a, everry: 24h}]");
        assertThatThrownBy(() -> new ProspectLists(file).read()).hasMessageContaining("key everry");
    }
}
