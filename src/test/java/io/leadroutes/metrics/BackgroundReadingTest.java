package io.leadroutes.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackgroundReadingTest {

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final List<Runnable> waiting = new ArrayList<>();

    private void pass(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void isReadAtMostEveryFiveSeconds() {
        BackgroundReading<Integer> reading = new BackgroundReading<>(reads::incrementAndGet, -1, Runnable::run, now::get,
                Duration.ofSeconds(10));

        assertThat(List.of(reading.value(), reading.value())).containsExactly(1, 1);
        pass(5);
        assertThat(reading.value()).isEqualTo(2);
    }

    @Test
    void aScrapeDoesNotWaitForADatabaseThatDoesNotAnswer() {
        BackgroundReading<Integer> reading = new BackgroundReading<>(reads::incrementAndGet, -1, waiting::add, now::get,
                Duration.ZERO);

        assertThat(reading.value()).as("never read").isEqualTo(-1);
        waiting.remove(0).run();
        assertThat(reading.value()).isEqualTo(1);
        pass(14);
        assertThat(reading.value()).as("the last value, while the next does not come").isEqualTo(1);
        pass(6);
        assertThat(reading.value()).as("too old to be told").isEqualTo(-1);
        assertThat(waiting).as("one query at a time").hasSize(1);
    }

    @Test
    void aQueryThatFailsMakesTheValueUnknownAndIsTriedAgain() {
        BackgroundReading<Integer> reading = new BackgroundReading<>(() -> {
            if (reads.incrementAndGet() == 1) {
                throw new IllegalStateException("the database is away");
            }
            return reads.get();
        }, -1, Runnable::run, now::get, Duration.ofSeconds(10));

        assertThat(reading.value()).isEqualTo(-1);
        pass(5);
        assertThat(reading.value()).isEqualTo(2);
    }
}
