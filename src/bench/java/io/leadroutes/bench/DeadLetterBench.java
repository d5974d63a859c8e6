package io.leadroutes.bench;

import io.leadroutes.lead.DeadLetterData;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.LetterFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.sql.DataSource;

/**
 * Prints how long lists and groups of 100,000 dead letters take:
 * {@code ./mvnw -Pbench -DskipTests -Dbench.main=io.leadroutes.bench.DeadLetterBench verify}.
 */
public final class DeadLetterBench {

    private static final int LETTERS = 100_000;
    private static final int ROUNDS = 300;

    private DeadLetterBench() {
    }

    /** @param args none */
    public static void main(String[] args) {
        DataSource database = DeadLetterData.fresh(LETTERS);
        DeadLetters letters = new DeadLetters(database, List.of());
        SplittableRandom random = new SplittableRandom(42);
        List<DeadLetters.Group> groups = letters.groups(LetterFilter.ALL.open(), 500);
        print("newest 50", () -> letters.list(LetterFilter.ALL, Optional.empty(), 50));
        print("50 open from anywhere", () -> letters.list(LetterFilter.ALL.open(),
                Optional.of(random.nextLong(1, LETTERS)), 50));
        print("500 open from anywhere", () -> letters.list(LetterFilter.ALL.open(),
                Optional.of(random.nextLong(1, LETTERS)), 500));
        print("50 of a cause, from anywhere", () -> letters.list(new LetterFilter(Optional.of("OPEN"), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.of(groups.get(random.nextInt(groups.size())).cause()),
                Optional.empty(), Optional.empty(), Optional.empty()), Optional.of(random.nextLong(1, LETTERS)), 50));
        print("one request", () -> letters.list(LetterFilter.ofRequest("request-" + random.nextInt(1, LETTERS)),
                Optional.empty(), 500));
        print("groups of all open", () -> letters.groups(LetterFilter.ALL.open(), 50));
        System.exit(0);
    }

    private static void print(String what, Runnable work) {
        for (int i = 0; i < 20; i++) {
            work.run();
        }
        long[] nanos = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long from = System.nanoTime();
            work.run();
            nanos[i] = System.nanoTime() - from;
        }
        Arrays.sort(nanos);
        System.out.printf("%-30s p50 %6.1f ms   p99 %6.1f ms   (%,d letters, %d rounds)%n", what,
                nanos[ROUNDS / 2] / 1e6, nanos[ROUNDS * 99 / 100] / 1e6, LETTERS, ROUNDS);
    }
}
