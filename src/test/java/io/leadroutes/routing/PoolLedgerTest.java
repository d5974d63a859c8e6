package io.leadroutes.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.routing.PoolEvent.Kind;
import io.leadroutes.routing.PoolLedger.Listed;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PoolLedgerTest {

    @Test
    void weights5_1_1GiveTheSequenceOfSmoothWeightedRoundRobin() {
        assertThat(sequence(List.of(5, 1, 1), 7)).isEqualTo("A A B A C A A");
    }

    @Test
    void weights2_1_1GiveTheWorkedSequence() {
        assertThat(sequence(List.of(2, 1, 1), 8)).isEqualTo("A B C A A B C A");
    }

    @Test
    void fourThousandLeadsOn2_1_1AreSharedExactly() {
        Map<String, Long> received = Stream.of(sequence(List.of(2, 1, 1), 4_000).split(" "))
                .collect(Collectors.groupingBy(user -> user, Collectors.counting()));
        assertThat(received).isEqualTo(Map.of("A", 2000L, "B", 1000L, "C", 1000L));
    }

    @Test
    void theOwedShownAtThePickAreThoseOfTheWorkedSentence() {
        PoolLedger ledger = pool(List.of(2, 1));
        PoolLedger.Pick pick = ledger.assign(List.of("A", "B"), List.of());
        assertThat(pick.owed()).isEqualTo(Map.of("A", Owed.parse("2/3"), "B", Owed.parse("1/3")));
        assertThat(pick.owed().get("A").rounded()).hasToString("0.67");
        assertThat(ledger.owed("A")).isEqualTo(Owed.parse("-1/3"));
    }

    @Test
    void aPoolOfOneGivesHimEverythingAndOwesHimNothing() {
        PoolLedger ledger = pool(List.of(7));
        for (int i = 0; i < 5; i++) {
            assertThat(ledger.assign(List.of("A"), List.of()).user()).isEqualTo("A");
            assertThat(ledger.owed("A")).isEqualTo(Owed.NOTHING);
        }
    }

    @Test
    void whoeverIsNotEligibleAccruesNothing() {
        PoolLedger ledger = pool(List.of(1, 1, 1));
        StringBuilder picks = new StringBuilder();
        for (int lead = 1; lead <= 16; lead++) {
            boolean away = lead >= 4 && lead <= 9;
            picks.append(ledger.assign(away ? List.of("A", "B") : List.of("A", "B", "C"), List.of()).user());
        }
        assertThat(picks).hasToString("ABC" + "ABABAB" + "ABCABCA");
    }

    @Test
    void aChangedWeightLeavesTheOwedAndCountsFromTheNextLead() {
        PoolLedger ledger = pool(List.of(1, 1));
        ledger.assign(List.of("A", "B"), List.of());
        List<PoolEvent> events = ledger.follow(List.of(new Listed("A", 1), new Listed("B", 3)));
        assertThat(events).extracting(PoolEvent::kind).containsExactly(Kind.WEIGHT);
        assertThat(ledger.owed("A")).isEqualTo(Owed.parse("-1/2"));
        assertThat(ledger.assign(List.of("A", "B"), List.of()).owed())
                .isEqualTo(Map.of("A", Owed.parse("-1/4"), "B", Owed.parse("5/4")));
    }

    @Test
    void whatALeaverIsOwedGoesToTheOthersInProportionToWeight() {
        PoolLedger ledger = pool(List.of(2, 1, 1));
        ledger.assign(List.of("A", "B", "C"), List.of());
        assertThat(ledger.owed("A")).isEqualTo(Owed.parse("-1/2"));
        ledger.follow(List.of(new Listed("B", 3), new Listed("C", 1), new Listed("D", 1)));
        assertThat(ledger.users()).containsExactly("B", "C", "D");
        // A leaves with -1/2; B takes 3/4 of it and C 1/4, each on top of the 1/4 that was owed.
        assertThat(ledger.owed("B")).isEqualTo(Owed.parse("-1/8"));
        assertThat(ledger.owed("C")).isEqualTo(Owed.parse("1/8"));
        assertThat(sum(ledger)).isZero();
        assertThat(ledger.owed("D")).isEqualTo(Owed.NOTHING);
    }

    @Test
    void aListThatDidNotChangeMakesNoEvent() {
        PoolLedger ledger = pool(List.of(2, 1));
        assertThat(ledger.follow(List.of(new Listed("A", 2), new Listed("B", 1)))).isEmpty();
    }

    @Test
    void aCreditUndoesWhatTheAssignmentCost() {
        PoolLedger ledger = pool(List.of(2, 1, 1));
        ledger.assign(List.of("A", "B", "C"), List.of());
        ledger.credit("A");
        assertThat(ledger.users()).allSatisfy(user -> assertThat(ledger.owed(user)).isEqualTo(Owed.NOTHING));
        assertThat(ledger.assign(List.of("A", "B", "C"), List.of()).user()).isEqualTo("A");
        assertThatThrownBy(() -> ledger.credit("gone")).hasMessageContaining("not in pool");
    }

    @Test
    void nobodyEligibleIsRefused() {
        assertThatThrownBy(() -> pool(List.of(1)).assign(List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("nobody");
    }

    @Test
    void aForgedEventIsFoundByTheReplay() {
        List<PoolEvent> events = new ArrayList<>();
        PoolLedger ledger = new PoolLedger("p");
        events.addAll(ledger.follow(List.of(new Listed("A", 2), new Listed("B", 1))));
        for (int i = 0; i < 6; i++) {
            events.addAll(ledger.assign(List.of("A", "B"), List.of()).events());
        }
        assertThat(PoolReplay.fold("p", events).difference()).isEmpty();
        PoolEvent honest = events.get(4);
        events.set(4, new PoolEvent("p", honest.seq(), honest.kind(),
                Optional.of(honest.user().orElseThrow().equals("A") ? "B" : "A"), honest.weight(), honest.eligible(),
                honest.excluded(), honest.before(), honest.after()));
        assertThat(PoolReplay.fold("p", events).difference()).get().asString().startsWith("p event 5:");
    }

    @Property(tries = 1000)
    void aConstantTeamFollowsSmoothWeightedRoundRobin(@ForAll("weights") List<Integer> weights) {
        int cycle = weights.stream().mapToInt(w -> w).sum();
        int picks = Math.min(2 * cycle, 400);
        assertThat(sequence(weights, picks)).isEqualTo(reference(weights, picks));
    }

    @Property(tries = 1000)
    void aConstantTeamIsEvenAfterEachCycle(@ForAll("weights") List<Integer> weights) {
        int gcd = weights.stream().map(BigInteger::valueOf).reduce(BigInteger::gcd).orElseThrow().intValue();
        int cycle = weights.stream().mapToInt(w -> w).sum() / gcd;
        PoolLedger ledger = pool(weights);
        List<String> all = List.copyOf(ledger.users());
        Map<String, Integer> received = new HashMap<>();
        for (int i = 0; i < cycle; i++) {
            received.merge(ledger.assign(all, List.of()).user(), 1, Integer::sum);
        }
        for (int i = 0; i < weights.size(); i++) {
            assertThat(ledger.owed(all.get(i))).isEqualTo(Owed.NOTHING);
            assertThat(received).containsEntry(all.get(i), weights.get(i) / gcd);
        }
    }

    @Property(tries = 1000)
    void owedStaysInsideTheHarmonicBoundHoweverWeightsChange(@ForAll("seeds") long seed) {
        Random random = new Random(seed);
        int n = 2 + random.nextInt(9);
        PoolLedger ledger = pool(IntStream.range(0, n).map(i -> 1 + random.nextInt(20)).boxed().toList());
        List<String> all = List.copyOf(ledger.users());
        Owed upper = IntStream.rangeClosed(2, n).mapToObj(k -> new Owed(BigInteger.ONE, BigInteger.valueOf(k)))
                .reduce(Owed.NOTHING, PoolLedgerTest::plus);
        // A rebase rounds each member by less than one unit of 10^-18; a thousandth leaves room for thousands.
        Owed slack = plus(upper, Owed.parse("1/1000"));
        for (int lead = 0; lead < 150; lead++) {
            ledger.follow(all.stream().map(user -> new Listed(user, 1 + random.nextInt(20))).toList());
            ledger.assign(all, List.of());
            for (String user : all) {
                assertThat(ledger.owed(user)).isGreaterThan(Owed.parse("-1")).isLessThanOrEqualTo(slack);
            }
        }
    }

    @Property(tries = 1000)
    void whateverHappensTheSumIsZeroThePickIsOwedMostAndReplayGivesTheSame(@ForAll("seeds") long seed) {
        Random random = new Random(seed);
        PoolLedger ledger = new PoolLedger("p");
        List<PoolEvent> events = new ArrayList<>();
        for (int step = 0; step < 120; step++) {
            if (step == 0 || random.nextInt(8) == 0) {
                List<Listed> listed = new ArrayList<>();
                for (char user = 'A'; user <= 'H'; user++) {
                    if (random.nextInt(3) > 0) {
                        listed.add(new Listed(String.valueOf(user), random.nextInt(1001)));
                    }
                }
                Collections.shuffle(listed, random);
                events.addAll(ledger.follow(listed));
            } else {
                List<String> eligible = ledger.users().stream().filter(user -> ledger.weight(user) > 0)
                        .filter(user -> random.nextInt(4) > 0).toList();
                if (!eligible.isEmpty()) {
                    PoolLedger.Pick pick = ledger.assign(eligible, List.of());
                    events.addAll(pick.events());
                    assertThat(pick.owed().values()).allMatch(
                            owed -> owed.compareTo(pick.owed().get(pick.user())) <= 0);
                }
            }
            assertThat(sum(ledger)).isZero();
            assertThat(ledger.denominator()).isLessThanOrEqualTo(PoolLedger.LARGEST_DENOMINATOR);
        }
        PoolReplay.Result replayed = PoolReplay.fold("p", events);
        assertThat(replayed.difference()).isEmpty();
        assertThat(replayed.ledger().denominator()).isEqualTo(ledger.denominator());
        for (String user : ledger.users()) {
            assertThat(replayed.ledger().numerator(user)).isEqualTo(ledger.numerator(user));
        }
    }

    @Test
    void manyOddWeightsForceARebaseThatKeepsTheSum() {
        PoolLedger ledger = pool(List.of(1, 1));
        List<PoolEvent> events = new ArrayList<>();
        for (int weight : List.of(996, 990, 982, 976, 970, 966, 952, 946, 940, 936, 928, 918)) {
            events.addAll(ledger.follow(List.of(new Listed("A", weight), new Listed("B", 1))));
            events.addAll(ledger.assign(List.of("A", "B"), List.of()).events());
        }
        assertThat(events).extracting(PoolEvent::kind).contains(Kind.REBASE);
        assertThat(sum(ledger)).isZero();
    }

    @Provide
    Arbitrary<List<Integer>> weights() {
        return Arbitraries.integers().between(1, 40).list().ofMinSize(1).ofMaxSize(8);
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    private static Owed plus(Owed one, Owed other) {
        return new Owed(one.numerator().multiply(other.denominator()).add(other.numerator().multiply(one.denominator())),
                one.denominator().multiply(other.denominator()));
    }

    private static BigInteger sum(PoolLedger ledger) {
        return ledger.users().stream().map(ledger::numerator).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static PoolLedger pool(List<Integer> weights) {
        PoolLedger ledger = new PoolLedger("p");
        for (int i = 0; i < weights.size(); i++) {
            ledger.join(String.valueOf((char) ('A' + i)), weights.get(i));
        }
        return ledger;
    }

    private static String sequence(List<Integer> weights, int leads) {
        PoolLedger ledger = pool(weights);
        List<String> all = List.copyOf(ledger.users());
        return IntStream.range(0, leads).mapToObj(i -> ledger.assign(all, List.of()).user())
                .collect(Collectors.joining(" "));
    }

    /** Smooth weighted round robin as web servers do it: add each weight, take the first largest, take off the sum. */
    private static String reference(List<Integer> weights, int leads) {
        int[] current = new int[weights.size()];
        int sum = weights.stream().mapToInt(w -> w).sum();
        List<String> picks = new ArrayList<>();
        for (int lead = 0; lead < leads; lead++) {
            int best = 0;
            for (int i = 0; i < current.length; i++) {
                current[i] += weights.get(i);
                if (current[i] > current[best]) {
                    best = i;
                }
            }
            current[best] -= sum;
            picks.add(String.valueOf((char) ('A' + best)));
        }
        return String.join(" ", picks);
    }
}
