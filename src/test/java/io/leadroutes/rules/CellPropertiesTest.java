package io.leadroutes.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * P1.4 and P1.5: a cell is a set. The oracle works on the set a cell was built from, listed element by element over a
 * small universe around the constants, and knows nothing of how cells are read or evaluated.
 */
class CellPropertiesTest {

    private static final VariableTable TABLE = VariableTable.builtIn();
    private static final Inputs NOTHING = Inputs.of(TABLE, Facts.of(Map.of()));
    private static final List<String> AUDIENCES = List.of("A", "B", "C", "D", "E");
    private static final int MAX = 12;

    /**
     * A cell as text with the set it means.
     *
     * @param values the values in the set
     * @param unknown whether the unknown is in it
     */
    record Meant<T>(String text, Set<T> values, boolean unknown) {
    }

    @Property(tries = 3000)
    void aCellOverNumbersMatchesExactlyItsSet(@ForAll("numberCells") Meant<Long> meant) throws Exception {
        Cell cell = cell("intent.bestScore", meant.text());
        for (long value = 0; value <= MAX; value++) {
            assertThat(cell.matches(Optional.of(value), NOTHING)).as("%s on %d", meant.text(), value)
                    .isEqualTo(meant.values().contains(value));
        }
        assertThat(cell.matches(Optional.empty(), NOTHING)).as("%s on unknown", meant.text())
                .isEqualTo(meant.unknown());
    }

    @Property(tries = 3000)
    void aCellOverAClosedListMatchesExactlyItsSet(@ForAll("wordCells") Meant<String> meant) throws Exception {
        Cell cell = cell("intent.audience", meant.text());
        for (String value : AUDIENCES) {
            assertThat(cell.matches(Optional.of(value), NOTHING)).as("%s on %s", meant.text(), value)
                    .isEqualTo(meant.values().contains(value));
        }
        assertThat(cell.matches(Optional.empty(), NOTHING)).isEqualTo(meant.unknown());
    }

    @Property(tries = 1000)
    void onlyADashAndUnknownMatchTheUnknown(@ForAll("numberCells") Meant<Long> numbers,
            @ForAll("wordCells") Meant<String> words) throws Exception {
        assertThat(cell("intent.bestScore", numbers.text()).matches(Optional.empty(), NOTHING))
                .isEqualTo(mentionsUnknown(numbers.text()));
        assertThat(cell("intent.audience", words.text()).matches(Optional.empty(), NOTHING))
                .isEqualTo(mentionsUnknown(words.text()));
    }

    /** A dash or the word unknown as an alternative of its own; inside not(…) neither lets the unknown through. */
    private static boolean mentionsUnknown(String text) {
        return !text.startsWith("not(") && java.util.Arrays.stream(text.split("\\|")).map(String::strip)
                .anyMatch(part -> part.equals("-") || part.equals("unknown"));
    }

    @Property(tries = 1000)
    void theCanonicalSpellingMeansTheSame(@ForAll("numberCells") Meant<Long> numbers,
            @ForAll("wordCells") Meant<String> words) {
        Cell number = cell("intent.bestScore", numbers.text());
        assertThat(cellOf("intent.bestScore", yaml(number))).isEqualTo(number);
        Cell word = cell("intent.audience", words.text());
        assertThat(cellOf("intent.audience", yaml(word))).isEqualTo(word);
    }

    @Property(tries = 1000)
    void theExpansionIntoCelGivesTheSameAnswer(@ForAll("numberCells") Meant<Long> meant,
            @ForAll("number") long value, @ForAll boolean known) throws Exception {
        Cell cell = cell("intent.bestScore", meant.text());
        Inputs inputs = Inputs.of(TABLE, Facts.of(known ? Map.of("intent.bestScore", value) : Map.of()));
        assertThat(condition(cell.expansion(TABLE.get("intent.bestScore"))).holds(inputs))
                .as(cell.expansion(TABLE.get("intent.bestScore")))
                .isEqualTo(cell.matches(inputs.value("intent.bestScore"), inputs));
    }

    @Property(tries = 1000)
    void listAndTextCellsFollowMembershipAndParts(@ForAll("words") List<String> value,
            @ForAll("words") List<String> asked) throws Exception {
        String elements = String.join(", ", asked);
        Optional<Object> given = Optional.of(value);
        boolean any = false;
        boolean all = true;
        for (String element : asked) {
            boolean in = value.stream().anyMatch(element::equals);
            any |= in;
            all &= in;
        }
        assertThat(cell("company.technologies", "hasAny(" + elements + ")").matches(given, NOTHING)).isEqualTo(any);
        assertThat(cell("company.technologies", "hasAll(" + elements + ")").matches(given, NOTHING)).isEqualTo(all);
        assertThat(cell("company.technologies", "not(hasAny(" + elements + "))").matches(given, NOTHING))
                .isEqualTo(!any);
        String text = String.join("", value);
        String part = asked.get(0);
        Optional<Object> whole = Optional.of(text);
        assertThat(cell("lead.title", "contains(" + part + ")").matches(whole, NOTHING))
                .isEqualTo(text.indexOf(part) >= 0);
        assertThat(cell("lead.title", "starts(" + part + ")").matches(whole, NOTHING))
                .isEqualTo(text.indexOf(part) == 0);
        assertThat(cell("lead.title", "ends(" + part + ")").matches(whole, NOTHING))
                .isEqualTo(text.length() >= part.length()
                        && text.substring(text.length() - part.length()).equals(part));
    }

    @Provide
    Arbitrary<Long> number() {
        return Arbitraries.longs().between(0, MAX);
    }

    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.of("ka", "fk", "a", "kafka", "sp").list().ofMinSize(1).ofMaxSize(4);
    }

    @Provide
    Arbitrary<Meant<Long>> numberCells() {
        Arbitrary<Meant<Long>> simple = Arbitraries.oneOf(
                number().map(n -> new Meant<>("" + n, where(v -> v == n), false)),
                number().map(n -> new Meant<>("!= " + n, where(v -> v != n), false)),
                number().map(n -> new Meant<>(">= " + n, where(v -> v >= n), false)),
                number().map(n -> new Meant<>(">" + n, where(v -> v > n), false)),
                number().map(n -> new Meant<>("<= " + n, where(v -> v <= n), false)),
                number().map(n -> new Meant<>("< " + n, where(v -> v < n), false)),
                Combinators.combine(number(), number(), Arbitraries.of("[", "("), Arbitraries.of("]", ")"))
                        .as(CellPropertiesTest::interval),
                Arbitraries.just(new Meant<>("-", where(v -> true), true)),
                Arbitraries.just(new Meant<>("unknown", where(v -> false), true)),
                Arbitraries.just(new Meant<>("known", where(v -> true), false)),
                number().map(n -> new Meant<>("~ it % 3 == " + n % 3, where(v -> v % 3 == n % 3), false)));
        Arbitrary<Meant<Long>> listed = simple.filter(meant -> !meant.text().startsWith("~")).list().ofMinSize(1)
                .ofMaxSize(4).map(CellPropertiesTest::union);
        return Arbitraries.oneOf(simple, listed, listed.map(meant -> complement(meant, where(v -> true))));
    }

    @Provide
    Arbitrary<Meant<String>> wordCells() {
        Set<String> all = new TreeSet<>(AUDIENCES);
        Arbitrary<Meant<String>> simple = Arbitraries.oneOf(
                Arbitraries.of(AUDIENCES).map(word -> new Meant<>(word, Set.of(word), false)),
                Arbitraries.of(AUDIENCES).map(word -> new Meant<>("'" + word + "'", Set.of(word), false)),
                Arbitraries.of(AUDIENCES).map(word -> complementOf(word, all)),
                Arbitraries.just(new Meant<>("-", all, true)),
                Arbitraries.just(new Meant<>("unknown", Set.of(), true)),
                Arbitraries.just(new Meant<>("known", all, false)));
        Arbitrary<Meant<String>> listed = simple.list().ofMinSize(1).ofMaxSize(4).map(CellPropertiesTest::union);
        return Arbitraries.oneOf(simple, listed, listed.map(meant -> complement(meant, all)));
    }

    private static Meant<String> complementOf(String word, Set<String> all) {
        Set<String> rest = new TreeSet<>(all);
        rest.remove(word);
        return new Meant<>("!= " + word, rest, false);
    }

    private static Meant<Long> interval(long a, long b, String open, String close) {
        long lower = Math.min(a, b);
        long upper = Math.max(a, b) + 2;
        return new Meant<>(open + lower + ".." + upper + close, where(v ->
                (v > lower || v == lower && open.equals("[")) && (v < upper || v == upper && close.equals("]"))), false);
    }

    private static <T> Meant<T> union(List<Meant<T>> parts) {
        Set<T> values = new TreeSet<>();
        boolean unknown = false;
        List<String> texts = new ArrayList<>();
        for (Meant<T> part : parts) {
            values.addAll(part.values());
            unknown |= part.unknown();
            texts.add(part.text());
        }
        return new Meant<>(String.join(" | ", texts), values, unknown);
    }

    private static <T> Meant<T> complement(Meant<T> meant, Set<T> all) {
        Set<T> rest = new TreeSet<>(all);
        rest.removeAll(meant.values());
        return new Meant<>("not(" + meant.text() + ")", rest, false);
    }

    private static Set<Long> where(java.util.function.LongPredicate test) {
        Set<Long> values = new TreeSet<>();
        for (long value = 0; value <= MAX + 2; value++) {
            if (test.test(value)) {
                values.add(value);
            }
        }
        return values;
    }

    private static final CelWorkbench CEL = new CelWorkbench(TABLE);

    private static Cell cell(String column, String text) {
        return cellOf(column, "\"" + text + "\"");
    }

    private static String yaml(Cell cell) {
        return cell instanceof Cell.AnyOf list
                ? "[" + String.join(", ", list.members().stream().map(m -> "\"" + m.text() + "\"").toList()) + "]"
                : "\"" + cell.text() + "\"";
    }

    private static Cell cellOf(String column, String yaml) {
        RuleFile file = new RuleFile("test.yaml", yaml);
        Cell cell = new CellParser(file, TABLE.get(column), CEL, Scopes.SCORING).parse(file.root().orElseThrow());
        assertThat(file.findings()).as(yaml).isEmpty();
        return cell;
    }

    private static Condition condition(String text) {
        RuleFile file = new RuleFile("test.yaml", "|-\n  " + text);
        Optional<Condition> condition = CEL.compile(file, (Yaml.Scalar) file.root().orElseThrow(), 0, Scopes.SCORING,
                Optional.empty());
        assertThat(file.findings()).as(text).isEmpty();
        return condition.orElseThrow();
    }
}
