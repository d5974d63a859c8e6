package io.leadroutes.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.routing.Route.Action;
import io.leadroutes.rules.Directories;
import io.leadroutes.rules.Facts;
import io.leadroutes.rules.InvalidRulesException;
import io.leadroutes.rules.RoutingRules;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.rules.RulesetLoader;
import io.leadroutes.scoring.Score;
import io.leadroutes.scoring.Scorer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RouterTest {

    private static Ruleset shipped;

    @BeforeAll
    static void load() throws Exception {
        shipped = RulesetLoader.load(Path.of("rules"));
    }

    @Test
    void aLargeCompanyOnTheWestCoastGoesToTheEnterpriseTeam() {
        Route route = route(shipped, facts("lead.country", "US", "lead.state", "US-CA", "company.employees", 1000L));
        assertThat(names(route)).containsExactly("pool:ent-west", "pool:inbound-global", "user:ops-lead",
                "queue:unassigned");
        assertThat(route.fallbackFrom()).isEqualTo(1);
        assertThat(route.table()).contains("territory");
        assertThat(route.rule()).contains("us-west-ent");
        assertThat(route.reason()).isEqualTo("large company on the West Coast");
    }

    @Test
    void rowsAboveTheWinnerAreToldWithTheirFirstFailingCell() {
        Route route = route(shipped, facts("lead.country", "DE"));
        assertThat(route.rule()).contains("dach-all");
        assertThat(route.rejected()).first().isEqualTo(new Route.RejectedRow("us-west-ent", "lead.country", "DE",
                "US"));
        Route other = route(shipped, facts("lead.country", "US", "lead.state", "US-NY", "company.employees", 2000L));
        assertThat(other.rejected()).containsExactly(new Route.RejectedRow("us-west-ent", "lead.state", "US-NY",
                "[US-CA, US-OR, US-WA]"));
    }

    @Test
    void nobodyWhoIsSuppressedIsRoutedWhateverTheRulesSay() {
        // The guard opted-out of the shipped rules says so first; another guard may not give the lead away before.
        assertThat(route(shipped, facts("consent.suppressed", true)).rule()).contains("opted-out");
        Ruleset silent = new Ruleset(shipped.version(), shipped.scoring(), new RoutingRules(
                shipped.routing().guards().stream().filter(guard -> !guard.id().equals("opted-out")).toList(),
                shipped.routing().tables(), shipped.routing().fallback()), shipped.pools(), shipped.people(),
                shipped.queues(), shipped.types(), shipped.fields(), shipped.canonical(), shipped.sources());
        for (String status : List.of("New", "Working - Contacted")) {
            Route route = route(silent, facts("consent.suppressed", true, "lead.status", status));
            assertThat(route.action()).isEqualTo(Action.STOP);
            assertThat(route.rule()).contains(Router.SUPPRESSED);
        }
    }

    @Test
    void aGuardEndsRoutingAndAnotherKeepsTheOwner() {
        assertThat(route(shipped, facts("consent.optedOut", true))).satisfies(route -> {
            assertThat(route.action()).isEqualTo(Action.STOP);
            assertThat(route.targets()).isEmpty();
            assertThat(route.rule()).contains("opted-out");
        });
        assertThat(route(shipped, facts("lead.status", "Working - Contacted")).action()).isEqualTo(Action.KEEP_OWNER);
    }

    @Test
    void aGuardThatCannotBeEvaluatedCountsAsMet() {
        Route route = new Router().route(shipped, Facts.of(Map.of()), score(shipped, Facts.of(Map.of())));
        assertThat(route.action()).isEqualTo(Action.STOP);
        assertThat(route.error()).contains("RULE_ERROR: guard opted-out could not be evaluated: missing "
                + "consent.optedOut, consent.suppressed");
    }

    @Test
    void aCompetitorGoesWhereTheDisqualifierSays() {
        Route route = route(shipped, facts("account.type", "competitor", "lead.country", "DE"));
        assertThat(names(route)).startsWith("queue:review");
        assertThat(route.rule()).contains("competitor");
        assertThat(route.reason()).isEqualTo("works for a competitor");
    }

    @Test
    void theOwnerOfAMatchedAccountComesFirst() {
        Route route = route(shipped, facts("account.match", "verified", "account.ownerActive", true, "account.name",
                "Acme", "lead.country", "DE"));
        assertThat(names(route)).startsWith("account.owner");
        assertThat(route.reason()).isEqualTo("the lead belongs to Acme");
    }

    @Test
    void aColdLeadFromNowhereIsNurtured() {
        assertThat(names(route(shipped, facts()))).startsWith("queue:nurture");
    }

    @Test
    void aLeadThatNoRowTakesGoesToTheFallback() {
        Route route = route(shipped, facts("lead.source", "demo_request", "lead.country", "BR", "company.industry",
                "Software", "company.employees", 500L, "company.revenueUsd", 50_000_000L, "company.country", "US",
                "person.managementLevel", "C-Level"));
        assertThat(names(route)).containsExactly("pool:inbound-global", "user:ops-lead", "queue:unassigned");
        assertThat(route.fallbackFrom()).isZero();
        assertThat(route.rule()).isEmpty();
        assertThat(route.error()).isEmpty();
    }

    @Test
    void aTableThatCannotBeEvaluatedIsAbandonedAndLaterRowsDoNotDecide() throws Exception {
        Ruleset ruleset = routing("""
                tables:
                  - id: first
                    columns: [company.employees]
                    rows:
                      - {id: odd, cells: ["~ 100 / it > 3"], assign: pool:team}
                      - {id: rest, cells: [known], assign: queue:later}
                  - {id: second, rows: [{id: all, assign: queue:later}]}
                """);
        Route route = route(ruleset, facts("company.employees", 0L));
        assertThat(names(route)).containsExactly("user:boss", "queue:open");
        assertThat(route.error()).hasValueSatisfying(error -> assertThat(error)
                .startsWith("RULE_ERROR: rule odd of table first could not be evaluated: "));
        assertThat(names(route(ruleset, facts("company.employees", 20L)))).startsWith("pool:team");
        assertThat(names(route(ruleset, facts()))).startsWith("queue:later");
    }

    @Test
    void aCellThatIsFalseDecidesEvenBesideOneThatFails() throws Exception {
        Ruleset ruleset = routing("""
                tables:
                  - id: t
                    columns: [company.employees, lead.country]
                    rows:
                      - {id: odd, cells: ["~ 100 / it > 3", US], assign: pool:team}
                      - {id: other, cells: [-, DE], assign: queue:later}
                """);
        assertThat(route(ruleset, facts("company.employees", 0L, "lead.country", "DE")).rule()).contains("other");
    }

    @Test
    void alternativesOfTheRowComeBeforeTheFallback() throws Exception {
        Ruleset ruleset = routing("""
                tables:
                  - {id: t, columns: [lead.country], rows: [{id: a, cells: [US], assign: previous, else: [pool:team]}]}
                """);
        Route route = route(ruleset, facts("lead.country", "US"));
        assertThat(names(route)).containsExactly("previous", "pool:team", "user:boss", "queue:open");
        assertThat(route.fallbackFrom()).isEqualTo(2);
        assertThat(route.reason()).as("a row without words tells what it asked").isEqualTo("country is US");
    }

    @Test
    void blankTextIsUnknown() throws Exception {
        Ruleset ruleset = routing("""
                tables:
                  - {id: t, columns: [lead.city], rows: [{id: a, cells: [unknown], assign: queue:later}]}
                """);
        assertThat(route(ruleset, facts("lead.city", "  ")).rule()).contains("a");
        assertThat(route(ruleset, facts("lead.city", "0")).rule()).isEmpty();
    }

    private static Ruleset routing(String tables) throws InvalidRulesException {
        Map<String, String> files = Directories.base();
        files.put("routing.yaml", "spec: 1\nfallback: [user:boss, queue:open]\n" + tables);
        return Directories.load(files);
    }

    private static Score score(Ruleset ruleset, Facts facts) {
        return new Scorer().score(ruleset, facts, List.of());
    }

    private static Route route(Ruleset ruleset, Facts facts) {
        return new Router().route(ruleset, facts, score(ruleset, facts));
    }

    private static List<String> names(Route route) {
        return route.targets().stream().map(Target::toString).toList();
    }

    private static Facts facts(Object... pairs) {
        Map<String, Object> facts = new HashMap<>(Map.of("consent.optedOut", false, "consent.suppressed", false,
                "consent.doNotContact", false, "consent.doNotCall", false));
        for (int i = 0; i < pairs.length; i += 2) {
            facts.put((String) pairs[i], pairs[i + 1]);
        }
        return Facts.of(facts);
    }
}
