package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.ShortRounds;
import io.leadroutes.TestDatabase;
import io.leadroutes.compliance.ConsentFixture;
import io.leadroutes.lead.Claims;
import io.leadroutes.lead.IncomingLead;
import io.leadroutes.lead.Lead;
import io.leadroutes.lead.LeadInbox;
import io.leadroutes.lead.LeadStages;
import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.zoominfo.FakeZoomInfo.Answer;
import io.leadroutes.zoominfo.FakeZoomInfo.Call;
import io.leadroutes.zoominfo.ParkedLeads.Waiting;
import io.leadroutes.zoominfo.pacing.PacingFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What becomes of leads, and how many calls are made, when ZoomInfo fails in the ways that it does. */
class EnrichmentFaultTest {

    /** The lease of the only replica. */
    public static final class Lease {
        private final UUID holder = UUID.randomUUID();

        public UUID holder() {
            return holder;
        }

        public long epoch(String tier) {
            return 1;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/enrich/contact";
    private static final Answer BROKEN = Answer.json(500, "{\"error\":\"An unexpected error has occurred\"}");
    private static final Answer REFUSED = Answer.json(400, "{\"error\":\"There are invalid fields in your request\"}");
    /** Calls that may be under way at once. */
    private static final int IN_FLIGHT = 16;

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final LeadInbox inbox = new LeadInbox(database);
    private final Circuits circuits = new Circuits(database, "test", new Circuits.Pauses(Duration.ofMillis(200),
            Duration.ofMillis(400), Duration.ofMillis(200), Duration.ofMillis(800)), new SimpleMeterRegistry());
    private ZoomInfoRig rig;
    private ParkedLeads parked;

    @BeforeEach
    void start() throws Exception {
        rig = new ZoomInfoRig(PacingFixture.memory(), "0", circuits, Duration.ofSeconds(5));
        ZoomInfoConfig config = new SmallRyeConfigBuilder().withMapping(ZoomInfoConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValue("zoominfo.pause.account", "PT0.3S").build().getConfigMapping(ZoomInfoConfig.class);
        LeadStages stages = LedgerFixture.stages(database);
        Claims claims = LedgerFixture.claims(database);
        UsageGate gate = new UsageGate(rig.limits, 0.9, Duration.ZERO, Clock.systemUTC());
        parked = new ParkedLeads(stages, circuits, rig.limits, gate);
        PoisonSearch search = new PoisonSearch(circuits);
        Lease lease = new Lease();
        jdbc.update("""
                insert into egress_slot (account, tier, next_slot, holder, lease_until)
                values ('test', 'standard', now(), ?, 'infinity')""", lease.holder());
        rig.camel.getRegistry().bind("egressLease", lease);
        ShortRounds.in(rig.camel);
        Map<String, Object> beans = Map.of("dataSource", database, "leadStages", stages, "claims", claims,
                "zoominfoCircuits", circuits, "parkedLeads", parked, "usageGate", gate,
                "leadConsent", ConsentFixture.consent(database), "deadLetterWriter", LedgerFixture.deadLetterWriter(database),
                "poisonSearch", search,
                "enrichmentStage", new EnrichmentStage(stages, claims, LeadCreditsFixture.credits(database, stages),
                        circuits, search, config, rig.meters));
        beans.forEach(rig.camel.getRegistry()::bind);
        for (String file : List.of("shared/lead-stage", "shared/job", "shared/dead-letter", "jobs/lead-claims-resume",
                "pipeline/batch-isolate", "pipeline/lead-isolate-ask", "pipeline/lead-poison",
                "pipeline/lead-enrich-ask", "pipeline/lead-enrich-call", "pipeline/lead-enrich-batch",
                "pipeline/lead-enrich-in-flight")) {
            rig.load("file:routes/" + file + ".camel.yaml");
        }
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    /** Each person is known by the e-mail that is asked for. */
    private static Answer people(Call call) {
        if (!call.path().equals(PATH)) {
            return FakeZoomInfo.usual(call);
        }
        List<String> results = new ArrayList<>(emails(call).stream().map(EnrichmentFaultTest::result).toList());
        Collections.shuffle(results, new Random(call.nanos()));
        return envelope(results);
    }

    private static String result(String email) {
        return "{\"input\":{\"emailaddress\":\"" + email + "\"},\"data\":[{\"id\":" + id(email)
                + "}],\"matchStatus\":\"FULL_MATCH\"}";
    }

    private static Answer envelope(List<String> results) {
        return Answer.json(200, "{\"success\":true,\"data\":{\"result\":[" + String.join(",", results) + "]}}");
    }

    private static int id(String email) {
        return email.hashCode() & 0x7fffffff;
    }

    private static List<String> emails(Call call) {
        try {
            List<String> emails = new ArrayList<>();
            for (JsonNode input : JSON.readTree(call.body()).path("matchPersonInput")) {
                emails.add(input.path("emailAddress").asText());
            }
            return emails;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> leads(int count, int priority) {
        String run = Integer.toHexString(new Random().nextInt());
        List<String> emails = IntStream.range(0, count).mapToObj(i -> run + "." + i + "@example.com").toList();
        inbox.accept(emails.stream().map(email -> new IncomingLead(new Lead("web", email, "1", Map.of("email", email),
                Map.of()), "request-" + email, priority)).toList());
        return emails;
    }

    private void begin() throws Exception {
        rig.load("file:routes/pipeline/lead-enrich.camel.yaml");
    }

    private String state(String email) {
        return jdbc.queryForObject("select state from lead_event where record_id = ?", String.class, email);
    }

    private int count(String state) {
        return jdbc.queryForObject("select count(*) from lead_event where state = ?", Integer.class, state);
    }

    private void awaitEnriched(int count) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(count("ENRICHED")).as("enriched, the rest %s",
                jdbc.queryForList("select state, parked_cause, count(*) from lead_event group by 1, 2")).isEqualTo(count));
    }

    private void failFor(Set<String> poisons, Answer failure) {
        rig.zoomInfo.behave(call -> call.path().equals(PATH) && emails(call).stream().anyMatch(poisons::contains) ? failure
                : people(call));
    }

    private int calls() {
        return rig.zoomInfo.calls(PATH).size();
    }

    @ParameterizedTest
    @CsvSource({"0, 500, 10", "24, 500, 10", "11, 400, 8"})
    void onePoisonIsFoundWithFewCallsAndTheOther24GetTheirAnswers(int place, int status, int most) throws Exception {
        List<String> emails = leads(25, IncomingLead.LIVE);
        String poison = inOrder().get(place);
        failFor(Set.of(poison), status == 500 ? BROKEN : REFUSED);
        begin();
        awaitEnriched(24);
        await().untilAsserted(() -> assertThat(state(poison)).isEqualTo("DEAD"));
        assertThat(calls() - 1).as("calls more than the one that was needed: %s", rig.zoomInfo.calls(PATH).stream()
                .map(call -> emails(call).size() + (emails(call).contains(poison) ? " failed" : "")).toList()).isLessThanOrEqualTo(most);
        assertThat(emails).filteredOn(email -> !email.equals(poison)).allSatisfy(this::assertOwnPerson);
        Map<String, Object> letter = jdbc.queryForMap("select * from dead_letter");
        assertThat(letter).containsEntry("status", status).containsEntry("request_id_kind", "RESPONSE")
                .containsEntry("stage", "ENRICH").containsEntry("failure_class",
                        status == 500 ? "SERVER_ERROR" : "INVALID_REQUEST");
    }

    /** As the claim takes them. */
    private List<String> inOrder() {
        return jdbc.queryForList("select record_id from lead_event order by priority, received_at, ctid", String.class);
    }

    private void assertOwnPerson(String email) {
        assertThat(jdbc.queryForObject("select person_id from lead_event where record_id = ?", String.class, email))
                .isEqualTo(String.valueOf(id(email)));
    }

    @Test
    void ofTwoPoisonsInOneBatchBothAreFound() throws Exception {
        leads(25, IncomingLead.LIVE);
        Set<String> poisons = Set.of(inOrder().get(0), inOrder().get(24));
        failFor(poisons, REFUSED);
        begin();
        awaitEnriched(23);
        await().untilAsserted(() -> assertThat(count("DEAD")).isEqualTo(2));
        assertThat(poisons).allSatisfy(email -> assertThat(state(email)).isEqualTo("DEAD"));
        assertThat(calls() - 1).isLessThanOrEqualTo(20);
    }

    @Test
    void aRefusalThatQuotesTheLeadNeedsNoSearch() throws Exception {
        leads(25, IncomingLead.LIVE);
        String poison = inOrder().get(5);
        failFor(Set.of(poison), Answer.json(400, "{\"error\":\"Invalid value " + poison + " for emailAddress\"}"));
        begin();
        awaitEnriched(24);
        await().untilAsserted(() -> assertThat(state(poison)).isEqualTo("DEAD"));
        assertThat(calls()).isEqualTo(3);
        assertThat(jdbc.queryForObject("select message from dead_letter", String.class)).doesNotContain("@");
    }

    @Test
    void betweenErrorsThatComeByChanceOnlyThePoisonEndsInADeadLetter() throws Exception {
        Random chance = new Random(42);
        leads(1_000, IncomingLead.LIVE);
        String poison = inOrder().get(500);
        AtomicInteger byChance = new AtomicInteger();
        rig.zoomInfo.behave(call -> {
            if (!call.path().equals(PATH)) {
                return FakeZoomInfo.usual(call);
            }
            synchronized (chance) {
                if (emails(call).contains(poison)) {
                    return BROKEN;
                }
                if (chance.nextDouble() < 0.05) {
                    byChance.incrementAndGet();
                    return BROKEN;
                }
            }
            return people(call);
        });
        begin();
        awaitEnriched(999);
        await().untilAsserted(() -> assertThat(state(poison)).isEqualTo("DEAD"));
        assertThat(jdbc.queryForObject("select count(*) from dead_letter", Integer.class)).isEqualTo(1);
        assertThat(rig.zoomInfo.calls(PATH).stream().filter(call -> emails(call).contains(poison)))
                .as("calls with the poison; %s errors came by chance", byChance)
                .hasSizeLessThanOrEqualTo(10 + byChance.get());
    }

    @Test
    void errorsForEverybodyAreAnOutageAndNobodysDeadLetter() throws Exception {
        leads(200, IncomingLead.LIVE);
        AtomicBoolean down = new AtomicBoolean(true);
        rig.zoomInfo.behave(call -> down.get() && call.path().equals(PATH) ? BROKEN : people(call));
        begin();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(circuits.open()).isNotEmpty());
        await().atMost(Duration.ofSeconds(30)).until(() -> circuits.open().stream().anyMatch(open -> open.tries() >= 2));
        assertThat(count("DEAD")).isZero();
        assertThat(calls()).as("calls that an outage was worth").isLessThanOrEqualTo(3 * IN_FLIGHT + 10);
        down.set(false);
        awaitEnriched(200);
        assertThat(jdbc.queryForObject("select count(*) from dead_letter", Integer.class)).isZero();
    }

    @Test
    void aLeadThatFailsAloneInTheWorldWaitsUntilAnotherShowsThatItIsToBlame() throws Exception {
        String poison = leads(1, IncomingLead.LIVE).get(0);
        failFor(Set.of(poison), BROKEN);
        begin();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(circuits.open()).isNotEmpty());
        assertThat(state(poison)).isNotEqualTo("DEAD");
        leads(1, IncomingLead.LIVE);
        awaitEnriched(1);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(state(poison)).isEqualTo("DEAD"));
        assertThat(circuits.open()).isEmpty();
    }

    @Test
    void afterAnOutageLiveLeadsGoFirstInFullCallsAndNoneWasGivenUp() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        Map<String, Integer> served = new ConcurrentHashMap<>();
        AtomicInteger turn = new AtomicInteger();
        rig.zoomInfo.behave(call -> {
            if (call.path().equals(PATH) && down.get()) {
                return new Answer(0, "", Map.of());
            }
            if (call.path().equals(PATH)) {
                int number = turn.incrementAndGet();
                emails(call).forEach(email -> served.put(email, number));
            }
            return people(call);
        });
        List<String> bulk = leads(2_000, IncomingLead.BULK);
        begin();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(circuits.open()).isNotEmpty());
        List<String> live = leads(1_000, IncomingLead.LIVE);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(count("PARKED")).isGreaterThanOrEqualTo(2_999));
        assertThat(parked.waiting()).singleElement().satisfies(waiting -> {
            assertThat(waiting.cause()).isEqualTo("OUTAGE");
            assertThat(waiting.retryAt()).isPresent();
        });
        int before = calls();
        await().atMost(Duration.ofSeconds(30)).until(() -> circuits.open().stream().anyMatch(open -> open.tries() >= 3));
        assertThat(calls() - before).as("one call a pause").isLessThanOrEqualTo(4);

        down.set(false);
        awaitEnriched(3_000);

        int lastLive = live.stream().mapToInt(served::get).max().orElseThrow();
        assertThat(bulk.stream().filter(email -> served.get(email) < lastLive - IN_FLIGHT)).as("served before live leads, "
                + "besides probes").hasSizeLessThanOrEqualTo(2);
        assertThat(turn.get()).as("calls for 3,000 leads").isLessThanOrEqualTo(3_000 / 25 + 4);
        assertThat(jdbc.queryForObject("select count(*) from dead_letter", Integer.class)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"'You have used up all of your allowed request limit', QUOTA_EXHAUSTED",
            "'You do not have access to the enrich endpoint', NOT_LICENSED"})
    void whatTheAccountMayNotDoParksAllLeadsAndOneCallAtATimeFindsOutWhenItMay(String message, String cause)
            throws Exception {
        AtomicBoolean refused = new AtomicBoolean(true);
        rig.zoomInfo.behave(call -> refused.get() && call.path().equals(PATH)
                ? Answer.json(403, "{\"error\":\"" + message + "\"}") : people(call));
        leads(500, IncomingLead.LIVE);
        begin();
        await().atMost(Duration.ofSeconds(30)).until(() -> circuits.open().stream().anyMatch(open -> open.tries() >= 2));
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(parked.waiting()).extracting(Waiting::cause)
                .containsExactly(cause));
        assertThat(calls()).isLessThanOrEqualTo(IN_FLIGHT + 4);
        refused.set(false);
        awaitEnriched(500);
        assertThat(parked.waiting()).isEmpty();
    }

    @Test
    void leadsThatTheLimitOfCreditsDoesNotCoverWaitAndACallAtATimeFindsOutWhetherThereIsRoom() throws Exception {
        AtomicBoolean used = new AtomicBoolean(true);
        rig.zoomInfo.behave(call -> used.get() && call.path().equals(PATH) ? envelope(emails(call).stream()
                .map(email -> result(email).replaceAll("\"data\".*", "\"data\":[],\"matchStatus\":\"LIMIT_EXCEEDED\"}"))
                .toList()) : people(call));
        leads(250, IncomingLead.LIVE);
        begin();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(parked.waiting()).anySatisfy(waiting -> {
            assertThat(waiting.cause()).isEqualTo("LIMIT_EXCEEDED");
            assertThat(waiting.tries()).isGreaterThanOrEqualTo(2);
        }));
        assertThat(calls()).isLessThanOrEqualTo(10 + 4);
        used.set(false);
        awaitEnriched(250);
        assertThat(parked.waiting()).isEmpty();
    }

    @Test
    void anAnswerThatIsNotRightIsAskedForAgainAndNobodyGetsAnothersPerson() throws Exception {
        List<Function<Call, Answer>> wrong = List.of(
                call -> new Answer(200, people(call).body(), Map.of("cut", "yes")),
                call -> Answer.json(200, people(call).body().substring(0, people(call).body().length() / 2)),
                call -> envelope(results(call).subList(1, results(call).size())),
                call -> envelope(Stream.concat(results(call).stream(), results(call).stream().limit(1)).toList()),
                call -> envelope(results(call).stream().map(one -> one.replace("@example", "@other")).toList()));
        List<String> emails = leads(500, IncomingLead.LIVE);
        AtomicInteger number = new AtomicInteger();
        rig.zoomInfo.behave(call -> {
            int turn = call.path().equals(PATH) ? number.getAndIncrement() : -1;
            return turn >= 0 && turn % 2 == 0 && turn < 20 ? wrong.get(turn / 2 % 5).apply(call) : people(call);
        });
        begin();
        awaitEnriched(500);
        assertThat(emails).allSatisfy(this::assertOwnPerson);
        assertThat(jdbc.queryForObject("select count(*) from dead_letter", Integer.class)).isZero();
    }

    private static List<String> results(Call call) {
        return emails(call).stream().map(EnrichmentFaultTest::result).toList();
    }
}
