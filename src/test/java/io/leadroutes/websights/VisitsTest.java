package io.leadroutes.websights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.TestDatabase;
import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.lead.Claims;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.LedgerFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

class VisitsTest {

    private static final DataSource DATABASE = TestDatabase.fresh();
    private static final String VISITOR = "203.0.113.7";

    private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Time time = new Time();
    private final Config config = new Config();
    private final Claims claims = LedgerFixture.claims(DATABASE);
    private final Visits visits = replica(claims);
    private final VisitIntake intake = new VisitIntake(visits, config, meters, time);

    private static final class Time extends Clock {
        private Instant now = Instant.parse("2026-11-24T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static final class Config implements WebSightsConfig {
        private int requestsPerSecond = 100;

        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public Optional<List<String>> trustedProxies() {
            return Optional.of(List.of("192.0.2.0/24", "2001:db8:ffff::/48"));
        }

        @Override
        public Optional<List<String>> allowedOrigins() {
            return Optional.of(List.of("https://www.ours.example"));
        }

        @Override
        public int requestsPerSecond() {
            return requestsPerSecond;
        }

        @Override
        public double confidenceFloor() {
            return 0.5;
        }

        @Override
        public List<String> pageWeights() {
            return List.of("/pricing*=5", "/careers*=0", "*=1");
        }

        @Override
        public double dailyDecay() {
            return 0.5;
        }

        @Override
        public double threshold() {
            return 10;
        }

        @Override
        public int periodDays() {
            return 7;
        }

        @Override
        public Duration keepAddress() {
            return Duration.ofDays(1);
        }

        @Override
        public Duration keepVisits() {
            return Duration.ofDays(30);
        }
    }

    @BeforeEach
    void empty() {
        jdbc.update("truncate website_visit, website_visit_key, website_company, company_visit, crm_update");
    }

    @Test
    void theVisitsOfAnAddressAndDayAreOneRowAndOneQuestion() {
        for (int i = 0; i < 3; i++) {
            assertThat(post(VISITOR, "", "{\"page\":\"https://www.ours.example/pricing?email=a@b.example#x\"}")).isEqualTo(202);
        }
        assertThat(post(VISITOR, "", "[{\"page\":\"/about\"},{\"page\":\"/careers/1\"}]")).isEqualTo(202);

        Map<String, Object> row = jdbc.queryForMap("select views, score, pages::text, address from website_visit");
        assertThat(row).containsEntry("views", 5).containsEntry("score", 16.0).containsEntry("address", VISITOR);
        assertThat(LeadJson.object(row.get("pages"))).isEqualTo(Map.of("/pricing", 3, "/about", 1, "/careers/1", 1));
        assertThat(claim()).hasSize(1);
        assertThat(claim()).isEmpty();
        post(VISITOR, "", "{\"page\":\"/about\"}");
        assertThat(claim()).isEmpty();
    }

    private Visits replica(Claims held) {
        return new Visits(DATABASE, new CrmUpdates(DATABASE, Duration.ofDays(7)), held, LedgerFixture.lostClaims(),
                config, meters, time);
    }

    @Test
    void theClaimsOfAReplicaLastWhileItWorksAndEndFifteenSecondsAfterItsDeath() {
        post(VISITOR, "", "{\"page\":\"/pricing\"}");
        List<Map<String, Object>> rows = claim();
        assertThat(secondsLeft()).isBetween(10.0, 15.0);
        Exchange work = new DefaultExchange(new DefaultCamelContext());
        visits.hold(List.copyOf(rows), work);
        jdbc.update("update website_visit set lease_until = now() + interval '1 second'");
        claims.renewHeld();
        assertThat(secondsLeft()).isBetween(10.0, 15.0);

        // Dead: nobody renews any more.
        jdbc.update("update website_visit set lease_until = now() - interval '1 second'");
        assertThat(claim()).hasSize(1);
    }

    private double secondsLeft() {
        return jdbc.queryForObject("select extract(epoch from lease_until - now()) from website_visit", Double.class);
    }

    @Test
    void ofAVisitThatWasTakenOverNothingIsAskedOrWrittenUnderTheFirstClaim() {
        Visits other = replica(LedgerFixture.claims(DATABASE));
        post(VISITOR, "", "{\"page\":\"/pricing\"}");
        Map<String, Object> stalled = claim().get(0);
        assertThat(visits.begin(stalled)).isTrue();
        jdbc.update("update website_visit set lease_until = now() - interval '1 second'");
        Map<String, Object> takenOver = claim().get(0);
        assertThat(other.begin(takenOver)).isTrue();

        assertThat(visits.begin(stalled)).as("asked for once more").isFalse();
        visits.answered(stalled, company("4711", "Late Inc"));
        assertThat(jdbc.queryForObject("select count(*) from website_company", Integer.class)).isZero();
        visits.answered(stalled, Map.of("data", Map.of()));
        assertThat(jdbc.queryForObject("select state from website_visit", String.class)).isEqualTo("NEW");

        other.answered(takenOver, company("815", "Right Inc"));
        visits.answered(stalled, company("4711", "Late Inc"));
        assertThat(jdbc.queryForList("select company_id from website_company", String.class)).containsExactly("815");
        assertThat(jdbc.queryForObject("select company_id from website_visit", String.class)).isEqualTo("815");
        assertThat(meters.counter("leadroutes.websights.visits", "outcome", "company").count()).isEqualTo(1);
    }

    private static Map<String, Object> company(String id, String name) {
        return Map.of("data", Map.of("result", List.of(Map.of("data", Map.of("company", Map.of("id", id, "name", name,
                "confidenceScore", 0.9))))));
    }

    @Test
    void aProcessThatDrainsGivesBackWhatItHasNotAskedForYet() {
        post(VISITOR, "", "{\"page\":\"/pricing\"}");
        Map<String, Object> row = claim().get(0);
        claims.drain();

        assertThat(visits.begin(row)).isFalse();

        assertThat(claim()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "192.168.0.9", "172.20.0.1", "127.0.0.1", "100.64.0.1", "169.254.1.1", "0.0.0.0",
            "::1", "fe80::1", "fd00::1", "224.0.0.1"})
    void anAddressThatNoVisitorFromTheInternetHasIsDroppedWithoutAQuestion(String address) {
        assertThat(post(address, "", "{\"page\":\"/pricing\"}")).isEqualTo(202);
        assertThat(claim()).isEmpty();
        assertThat(meters.counter("leadroutes.websights.visits", "outcome", "not-public").count()).isEqualTo(1);
    }

    /** Remote address, X-Forwarded-For, the visitor. */
    @ParameterizedTest
    @CsvSource({"203.0.113.7, '', 203.0.113.7", "203.0.113.7, 198.51.100.1, 203.0.113.7",
            "192.0.2.1, 198.51.100.1, 198.51.100.1", "192.0.2.1, '6.6.6.6, 198.51.100.1', 198.51.100.1",
            "192.0.2.1, '198.51.100.1, 192.0.2.9', 198.51.100.1", "192.0.2.1, '[2001:db8:1::7]:443', 2001:db8:1:0:0:0:0:7",
            "192.0.2.1, 'evil.example', ''"})
    void onlyOurOwnProxiesAreBelieved(String remote, String forwarded, String visitor) {
        assertThat(post(remote, forwarded, "{\"page\":\"/\"}")).isEqualTo(202);
        assertThat(jdbc.queryForList("select address from website_visit", String.class))
                .isEqualTo(visitor.isEmpty() ? List.of() : List.of(visitor));
    }

    @Test
    void whatIsNoVisitIsRefusedAndWhoObjectsIsNotStored() {
        assertThat(post(VISITOR, "", "nonsense")).isEqualTo(400);
        assertThat(post(VISITOR, "", "{\"url\":\"/\"}")).isEqualTo(400);
        assertThat(post(VISITOR, "", "[]")).isEqualTo(400);
        assertThat(post(VISITOR, "", "{\"page\":\"/" + "x".repeat(20_000) + "\"}")).isEqualTo(413);
        assertThat(send(VISITOR, "{\"page\":\"/\"}", Map.of("Origin", "https://other.example"))
                .getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(403);
        Exchange ours = send(VISITOR, "{\"page\":\"/\"}", Map.of("Origin", "https://www.ours.example", "Sec-GPC", "1"));
        assertThat(ours.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(202);
        assertThat(ours.getMessage().getHeader("Access-Control-Allow-Origin")).isEqualTo("https://www.ours.example");
        assertThat(jdbc.queryForObject("select count(*) from website_visit", Integer.class)).isZero();
    }

    @Test
    void moreThanTheRateIsRefusedUntilTheNextSecond() {
        config.requestsPerSecond = 2;
        VisitIntake slow = new VisitIntake(visits, config, meters, time);
        List<Object> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            time.now = time.now.plusMillis(i == 3 ? 1_000 : 1);
            Exchange exchange = exchange(VISITOR, "{\"page\":\"/\"}", Map.of());
            slow.accept(exchange);
            answers.add(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE));
        }
        assertThat(answers).containsExactly(202, 202, 429, 202);
    }

    @Test
    void thePixelCountsThePageThatShowsIt() {
        Exchange exchange = exchange(VISITOR, "", Map.of("Referer", "https://www.ours.example/pricing"));
        intake.pixel(exchange);
        assertThat(exchange.getMessage().getBody(byte[].class)).startsWith("GIF89a".getBytes(StandardCharsets.US_ASCII));
        assertThat(jdbc.queryForObject("select pages::text from website_visit", String.class)).contains("/pricing");
    }

    @Test
    void aProviderAndAMatchThatIsNotSureEnoughAreNoCompany() {
        answer("203.0.113.1", Map.of("geoLocation", Map.of(), "ispInfo", Map.of("name", "Provider")));
        answer("203.0.113.2", Map.of("company", Map.of("id", 7, "name", "Acme", "confidenceScore", 0.49)));
        answer("203.0.113.3", Map.of("company", Map.of("id", 8, "name", "Acme", "confidenceScore", "")));
        answer("203.0.113.4", Map.of());
        answer("203.0.113.5", Map.of("company", Map.of("id", 9, "name", "Acme", "confidenceScore", 0.5)));
        assertThat(jdbc.queryForList("select coalesce(cause, company_id) from website_visit order by address", String.class))
                .containsExactly("provider", "not sure enough", "not sure enough", "unknown", "9");
        assertThat(jdbc.queryForObject("select count(*) from website_visit where state = 'IGNORED' and pages <> '{}'",
                Integer.class)).isZero();
    }

    @Test
    void aCompanyAboveTheThresholdIsOneSignalThatGrowsWithEachCount() {
        answer("203.0.113.1", Map.of("company", Map.of("id", 7, "name", "Acme", "confidenceScore", 0.9)));
        assertThat(visits.count()).isEqualTo(1);
        assertThat(signals()).isEmpty();

        answer("203.0.113.2", Map.of("company", Map.of("id", 7, "name", "Acme", "confidenceScore", 0.9)));
        visits.count();
        assertThat(signals()).singleElement().satisfies(fields -> assertThat(fields).containsEntry("Page_Views__c", 2)
                .containsEntry("Score__c", 10.0).containsEntry("Operation_Key__c", "websights:7:2026-11-19")
                .containsEntry("Pages__c", "/pricing"));
        assertThat(visits.count()).isZero();

        post("203.0.113.1", "", "{\"page\":\"/demo\"}");
        visits.count();
        assertThat(signals()).hasSize(2).extracting(fields -> fields.get("Operation_Key__c")).containsOnly(
                "websights:7:2026-11-19");
        assertThat(signals().get(1)).containsEntry("Page_Views__c", 3).containsEntry("Score__c", 11.0);
    }

    @Test
    void aVisitCountsLessEachDay() {
        answer("203.0.113.1", Map.of("company", Map.of("id", 7, "confidenceScore", 0.9)));
        visits.count();
        time.now = time.now.plus(Duration.ofDays(1));
        answer("203.0.113.1", Map.of("company", Map.of("id", 7, "confidenceScore", 0.9)));
        visits.count();
        assertThat(signals()).isEmpty();
        post("203.0.113.1", "", "{\"page\":\"/pricing\"}");
        visits.count();
        assertThat(signals()).singleElement().satisfies(fields -> assertThat(fields).containsEntry("Score__c", 12.5));
    }

    @Test
    void addressesAreForgottenAfterADayAndTheirKeyWithThem() {
        answer("203.0.113.1", Map.of("company", Map.of("id", 7, "confidenceScore", 0.9)));
        post("203.0.113.2", "", "{\"page\":\"/pricing\"}");
        visits.count();
        time.now = time.now.plus(Duration.ofHours(23));
        visits.forget();
        assertThat(jdbc.queryForObject("select count(address) from website_visit", Integer.class)).isEqualTo(2);
        time.now = time.now.plus(Duration.ofHours(25));
        visits.forget();
        assertThat(jdbc.queryForList("select state || coalesce(address, '') from website_visit", String.class))
                .containsExactly("COMPANY");
        assertThat(jdbc.queryForObject("select count(*) from website_visit_key", Integer.class)).isZero();
        time.now = time.now.plus(Duration.ofDays(31));
        visits.forget();
        assertThat(jdbc.queryForObject("select count(*) from website_visit", Integer.class)).isZero();
        assertThat(jdbc.queryForObject("select count(*) from company_visit", Integer.class)).isZero();
    }

    @Test
    void aWrongWeightOrNetworkIsRefusedWithWhatToWrite() {
        assertThatThrownBy(() -> new PageWeights(List.of("/pricing"))).hasMessageContaining("/pricing*=5");
        assertThatThrownBy(() -> Network.of("proxy.example")).hasMessageContaining("192.0.2.0/24");
        assertThatThrownBy(() -> Network.of("10.0.0.0/33")).hasMessageContaining("0 to 32");
    }

    /** One view of /pricing from the address, looked up with this answer. */
    private void answer(String address, Map<String, Object> data) {
        post(address, "", "{\"page\":\"/pricing\"}");
        Map<String, Object> row = claim().stream().filter(one -> one.get("address").equals(address)).findFirst().orElseThrow();
        visits.answered(row, Map.of("success", true, "data", Map.of("result", List.of(Map.of("data", data)))));
    }

    private List<Map<String, Object>> signals() {
        return jdbc.queryForList("select fields::text from crm_update where kind = 'SIGNAL' order by seq", String.class)
                .stream().map(LeadJson::object).toList();
    }

    private List<Map<String, Object>> claim() {
        try (InputStream sql = VisitsTest.class.getResourceAsStream("/sql/claim-website-visit.sql")) {
            return jdbc.queryForList(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private int post(String remote, String forwarded, String body) {
        return send(remote, body, forwarded.isEmpty() ? Map.of() : Map.of("X-Forwarded-For", forwarded)).getMessage()
                .getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    }

    private Exchange send(String remote, String body, Map<String, Object> headers) {
        Exchange exchange = exchange(remote, body, headers);
        intake.accept(exchange);
        return exchange;
    }

    private static Exchange exchange(String remote, String body, Map<String, Object> headers) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "POST");
        exchange.getMessage().setHeader("CamelVertxPlatformHttpRemoteAddress", remote);
        headers.forEach(exchange.getMessage()::setHeader);
        return exchange;
    }
}
