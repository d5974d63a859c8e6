package io.leadroutes.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.rules.Facts;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.rules.RulesetLoader;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The shipped rules against leads that were scored by hand from the published table. */
class GoldenLeadsTest {

    private static Ruleset shipped;

    @BeforeAll
    static void load() throws Exception {
        shipped = RulesetLoader.load(Path.of("rules"));
    }

    @TestFactory
    Stream<DynamicTest> everyHandScoredLeadHasItsTotalTierAndGrade() throws Exception {
        List<Map<String, Object>> leads = golden();
        assertThat(leads).hasSizeGreaterThanOrEqualTo(50);
        return leads.stream().map(lead -> DynamicTest.dynamicTest((String) lead.get("name"), () -> check(lead)));
    }

    private static void check(Map<String, Object> lead) {
        Score score = new Scorer().score(shipped, facts(lead), events(lead));
        assertThat(score.total()).as("total").isEqualTo(lead.get("total"));
        assertThat(score.tier()).as("tier").isEqualTo(lead.get("tier"));
        assertThat(score.grade()).as("grade").isEqualTo(lead.get("grade"));
        for (String axis : List.of("fit", "account", "trigger")) {
            assertThat(score.axes().get(axis)).as(axis).isEqualByComparingTo((String) lead.get(axis));
        }
        assertThat(sum(score.lines())).as("sum of the lines").isEqualByComparingTo(
                BigDecimal.valueOf(score.total()));
        BigDecimal raw = new BigDecimal((String) lead.get("raw"));
        assertThat(sum(score.lines().stream().filter(line -> line.group().isPresent()).toList())).as("raw")
                .isEqualByComparingTo(raw);
        BigDecimal whole = BigDecimal.valueOf((int) lead.getOrDefault("was", lead.get("total")));
        assertThat(score.lines().stream().filter(line -> line.rule().equals("rounding")).map(ScoreLine::points)
                .reduce(BigDecimal.ZERO, BigDecimal::add)).as("rounding").isEqualByComparingTo(whole.subtract(raw));
    }

    @Test
    void theWorkedExampleHasTheLinesOfTheSpecification() throws Exception {
        Map<String, Object> lead = golden().get(0);
        Score score = new Scorer().score(shipped, facts(lead), events(lead));
        assertThat(score.lines()).extracting(line -> line.rule() + " " + line.points().toPlainString())
                .containsExactly("vp 8.75", "department-primary 8.75", "title-partial 3.5", "accuracy-85 3.5",
                        "reach-direct 2.45", "industry-fit 7.5", "size-fit 6.25", "revenue-fit 5",
                        "geography-fit 3.75", "asked-for-us 25", "intent-60 11.73", "rounding -0.18");
        assertThat(score.fit()).isEqualByComparingTo("77");
        assertThat(score.intent()).isEqualByComparingTo("78.2");
        assertThat(score.lines().get(0)).isEqualTo(new ScoreLine("vp", java.util.Optional.of("seat"),
                java.util.Optional.of("fit"), java.util.Optional.of(new BigDecimal("25")), new BigDecimal("8.75"),
                "VP seat"));
        assertThat(score.lines().get(10).reason()).isEqualTo("intent 92, audience B");
    }

    @Test
    void ofAnEventAndAnIntentThatAreEqualTheFirstGroupCounts() throws Exception {
        Map<String, Object> lead = golden().stream().filter(l -> l.get("name").equals("event and intent equal"))
                .findFirst().orElseThrow();
        assertThat(new Scorer().score(shipped, facts(lead), events(lead)).lines()).extracting(ScoreLine::rule)
                .contains("event-75").doesNotContain("intent-60");
    }

    @Test
    void aCompetitorLosesWhatTheLinesGaveAndGoesToReview() throws Exception {
        Map<String, Object> lead = golden().stream().filter(l -> l.containsKey("was")).findFirst().orElseThrow();
        Score score = new Scorer().score(shipped, facts(lead), events(lead));
        assertThat(score.disqualified()).isTrue();
        assertThat(score.route()).contains("queue:review");
        assertThat(score.lines().get(score.lines().size() - 1)).extracting(ScoreLine::rule, ScoreLine::reason)
                .containsExactly("competitor", "works for a competitor");
    }

    private static BigDecimal sum(List<ScoreLine> lines) {
        return lines.stream().map(ScoreLine::points).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> golden() throws Exception {
        try (InputStream in = GoldenLeadsTest.class.getResourceAsStream("/scoring/golden-leads.yaml")) {
            return (List<Map<String, Object>>) new Load(LoadSettings.builder().build()).loadFromInputStream(in);
        }
    }

    private static Facts facts(Map<String, Object> lead) {
        Map<String, Object> facts = new HashMap<>();
        put(facts, "person.managementLevel", lead.get("seat"));
        put(facts, "person.department", lead.get("dept"));
        put(facts, "lead.title", lead.get("title"));
        put(facts, "person.accuracy", lead.get("acc"));
        String reach = (String) lead.getOrDefault("reach", "");
        facts.put("person.hasEmail", reach.contains("e"));
        facts.put("person.hasDirectPhone", reach.contains("d"));
        facts.put("person.hasMobilePhone", reach.contains("m"));
        put(facts, "company.industry", lead.get("industry"));
        put(facts, "company.employees", lead.get("employees"));
        put(facts, "company.revenueUsd", lead.get("revenue"));
        put(facts, "company.country", lead.get("country"));
        put(facts, "lead.attr.businessModel", lead.get("model"));
        put(facts, "lead.source", lead.get("source"));
        put(facts, "account.type", lead.get("type"));
        if (lead.get("intent") instanceof List<?> intent) {
            put(facts, "intent.bestScore", intent.get(0));
            put(facts, "intent.audience", intent.size() > 1 ? intent.get(1) : null);
        }
        return Facts.of(facts);
    }

    private static List<Facts> events(Map<String, Object> lead) {
        List<Facts> events = new ArrayList<>();
        if (lead.get("events") instanceof List<?> given) {
            for (Object item : given) {
                List<?> event = (List<?>) item;
                events.add(Facts.of(Map.of("event.kind", event.get(0), "event.ageDays",
                        ((Number) event.get(1)).longValue(), "event.seatFits", event.get(2))));
            }
        }
        return events;
    }

    private static void put(Map<String, Object> facts, String name, Object value) {
        if (value != null) {
            facts.put(name, value instanceof Number number ? (Object) number.longValue() : value);
        }
    }
}
