package io.leadroutes.lead;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.DeadLetters.Group;
import io.leadroutes.lead.DeadLetters.Letter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** 100,000 letters; the times themselves are printed by {@code DeadLetterBench}. */
class DeadLettersAtScaleTest {

    private static final DataSource DATABASE = DeadLetterData.fresh(100_000);
    private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE);
    private final DeadLetters letters = new DeadLetters(DATABASE, List.of());

    @ParameterizedTest
    @ValueSource(strings = {"", "failureClass", "routeId", "stage", "cause", "requestId"})
    void aPageOfAListIsReadFromAnIndexInItsOrder(String narrowed) {
        Letter some = letters.list(LetterFilter.ALL.open(), Optional.of(50_000L), 1).get(0);
        LetterFilter filter = LetterFilter.of(switch (narrowed) {
            case "failureClass" -> Map.of(narrowed, some.failureClass());
            case "routeId" -> Map.of(narrowed, some.routeId());
            case "stage" -> Map.of(narrowed, some.stage().name());
            case "cause" -> Map.of(narrowed, some.cause());
            case "requestId" -> Map.of(narrowed, some.requestId());
            default -> Map.of();
        });
        LetterFilter.Condition where = filter.condition().and("id < ?", 90_000L);
        String plan = String.join("\n", jdbc.queryForList("explain (analyze, costs off, timing off) select * from dead_letter "
                + "where " + where.sql() + " order by id desc limit ?", String.class, where.values(50)));

        assertThat(plan).contains("Index").doesNotContain("Seq Scan");
        assertThat(plan.lines().filter(line -> line.contains("Rows Removed by Filter")).map(line ->
                Integer.parseInt(line.replaceAll("\\D", "")))).allSatisfy(rows -> assertThat(rows).isLessThan(2_000));
    }

    @Test
    void pagesHoldEachLetterOnce() {
        List<Long> seen = new ArrayList<>();
        Optional<Long> cursor = Optional.empty();
        LetterFilter filter = LetterFilter.of(Map.of("stage", "ENRICH"));
        List<Letter> page;
        do {
            page = letters.list(filter, cursor, 500);
            page.forEach(letter -> seen.add(letter.id()));
            cursor = page.isEmpty() ? Optional.empty() : Optional.of(page.get(page.size() - 1).id());
        } while (page.size() == 500);
        assertThat(seen).doesNotHaveDuplicates().hasSize(jdbc.queryForObject(
                "select count(*) from dead_letter where stage = 'ENRICH' and state = 'OPEN'", Integer.class));
    }

    @Test
    void lettersOfOneCauseAreOneGroupWhateverRecordTheyNameAndAnotherStatusIsAnotherCause() {
        List<Group> groups = letters.groups(LetterFilter.ALL.open(), 500);

        assertThat(groups).hasSize(DeadLetterData.CAUSES);
        assertThat(groups.stream().mapToLong(Group::count).sum()).isEqualTo(jdbc.queryForObject(
                "select count(*) from dead_letter where state = 'OPEN'", Long.class));
        Group first = groups.get(0);
        assertThat(letters.list(LetterFilter.of(Map.of("cause", first.cause())), Optional.empty(), 500)).hasSize(500)
                .allSatisfy(letter -> assertThat(letter.routeId()).isEqualTo(first.routeId()));
        assertThat(jdbc.queryForList("""
                select dead_letter_cause(m) from (values
                    ('Salesforce answered 503 SERVER_UNAVAILABLE'), ('not written within 72 hours: Salesforce answered 500'),
                    ('row 00QSb0000000001MAA of "Acme, Inc." at 2026-11-28T14:00:00Z and 17 of 25'),
                    ('value ada@acme.example of 6a3c2f0e-0000-4000-8000-000000000000')) as v (m)""", String.class))
                .containsExactly("Salesforce answered 503 SERVER_UNAVAILABLE",
                        "not written within … hours: Salesforce answered 500", "row … of \"…\" at … and … of …", "value … of …");
    }
}
