package io.leadroutes.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.rules.Directories;
import io.leadroutes.rules.Facts;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.routing.Router;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** P1.1 and P1.2 on random rulesets with weights, factors, caps and events. */
class ScoringPropertiesTest {

    @Property(tries = 1000)
    void theLinesSumToTheTotalAndKeepTheirLimits(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Ruleset ruleset = ruleset(random);
        for (int lead = 0; lead < 10; lead++) {
            Facts facts = facts(random);
            List<Facts> events = events(random);
            Score score = new Scorer().score(ruleset, facts, events);
            assertThat(sum(score.lines())).isEqualByComparingTo(BigDecimal.valueOf(score.total()));
            assertThat(score.total()).isBetween(0, ruleset.scoring().max());
            assertThat(score.lines()).allSatisfy(line -> {
                assertThat(line.points().scale()).isBetween(0, 6);
                assertThat(line.points().scale() == 0
                        || line.points().stripTrailingZeros().scale() == line.points().scale()).isTrue();
            });
            ruleset.scoring().groups().forEach(group -> group.cap().ifPresent(cap -> {
                int weight = ruleset.scoring().axes().stream().filter(axis -> axis.id().equals(group.axis()))
                        .findFirst().orElseThrow().weight();
                assertThat(sum(score.lines().stream().filter(line -> line.group().equals(
                        java.util.Optional.of(group.id()))).toList())).isLessThanOrEqualTo(
                                BigDecimal.valueOf(cap).multiply(BigDecimal.valueOf(weight, 2)));
            }));
            assertThat(new Scorer().score(ruleset, facts, events)).isEqualTo(score);
            assertThat(new Router().route(ruleset, facts, score)).isEqualTo(new Router().route(ruleset, facts, score));
        }
    }

    /** P1.1 across two JVMs: the same inputs in a process of its own give the same text. */
    @Test
    void aSecondJvmGivesTheSameBytes() throws Exception {
        Process other = new ProcessBuilder(java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-cp", System.getProperty("java.class.path"), ScoringPropertiesTest.class.getName())
                .redirectErrorStream(true).start();
        String printed = new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(other.waitFor()).as(printed).isZero();
        assertThat(printed.strip()).endsWith(transcript());
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println(transcript());
    }

    private static String transcript() throws Exception {
        Random random = new Random(20261123);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            Ruleset ruleset = ruleset(random);
            Facts facts = facts(random);
            Score score = new Scorer().score(ruleset, facts, events(random));
            text.append(ruleset.version()).append(score).append(new Router().route(ruleset, facts, score));
        }
        return java.util.HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256")
                .digest(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static BigDecimal sum(List<ScoreLine> lines) {
        return lines.stream().map(ScoreLine::points).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static Ruleset ruleset(Random random) throws Exception {
        int weight = random.nextInt(101);
        boolean full = random.nextInt(3) == 0;
        StringBuilder text = new StringBuilder("spec: 1\nscore:\n  range: [0, " + (50 + random.nextInt(100)) + "]\n"
                + "  axes: [{id: fit, weight: " + (full ? 100 : weight) + ", range: [0, " + (20 + random.nextInt(80))
                + "]}, {id: news, weight: " + (full ? 100 : 100 - weight) + ", combine: "
                + (random.nextBoolean() ? "MAX" : "SUM") + "}]\n  api: {fit: fit, intent: news}\n  groups:\n");
        for (int g = 0; g < 4; g++) {
            boolean events = random.nextBoolean();
            String hit = events ? random.nextBoolean() ? "MAX" : "SUM" : List.of("FIRST", "SUM", "MAX")
                    .get(random.nextInt(3));
            text.append("    - {id: g").append(g).append(", axis: ").append(random.nextBoolean() ? "fit" : "news")
                    .append(", hit: ").append(hit).append(events ? ", forEach: events" : "")
                    .append(", cap: ").append(random.nextInt(60)).append(", columns: [")
                    .append(events ? "event.kind" : "company.employees").append("], factors: [");
            if (random.nextBoolean()) {
                text.append("{of: company.employees, steps: [[0, 5, ").append(random.nextInt(101)).append("]], else: ")
                        .append(random.nextInt(101)).append("},");
            }
            text.append("{of: lead.ageDays, ").append(random.nextBoolean() ? "halfLife: 7" : "linear: {from: 0, to: 13}")
                    .append("}], rows: [");
            for (int r = 0; r < 3; r++) {
                text.append("{id: r").append(g).append('-').append(r).append(", cells: [")
                        .append(events ? List.of("press", "funding", "[merger, press]").get(random.nextInt(3))
                                : List.of("\">= 3\"", "5", "unknown", "\"~ 10 / it > 1\"").get(random.nextInt(4)))
                        .append("], points: ").append(random.nextInt(120) - 20).append("},");
            }
            text.append("]}\n");
        }
        text.append("  disqualifiers: [{id: out, when: 'company.employees.orValue(1) == 7'}]\n")
                .append("  tiers: [{id: Good, from: 20}, {id: Poor, from: 0}]\n");
        Map<String, String> files = Directories.base();
        files.put("scoring.yaml", text.toString());
        return Directories.load(files);
    }

    private static Facts facts(Random random) {
        Map<String, Object> facts = new HashMap<>();
        facts.put("consent.optedOut", random.nextInt(9) == 0);
        facts.put("lead.ageDays", (long) random.nextInt(20));
        if (random.nextBoolean()) {
            facts.put("company.employees", (long) random.nextInt(10));
        }
        if (random.nextBoolean()) {
            facts.put("lead.country", random.nextBoolean() ? "US" : "DE");
        }
        return Facts.of(facts);
    }

    private static List<Facts> events(Random random) {
        List<Facts> events = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            events.add(Facts.of(Map.of("event.kind", List.of("press", "funding", "merger").get(random.nextInt(3)),
                    "event.ageDays", 3L, "event.seatFits", true)));
        }
        return events;
    }
}
