package io.leadroutes.zoominfo.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.zoominfo.pacing.Pacer.Permit;
import io.leadroutes.zoominfo.pacing.Pacer.Terms;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pacers that know nothing of each other share one row, in real time. */
class PacedReplicasTest {

    private static final int REPLICAS = 3;
    private static final int CALLERS = 4;
    private static final int CALLS_A_CALLER = 12;
    private static final long SECOND = 1_000_000_000L;

    @Test
    void threeReplicasNeverPutMoreThan25CallsIntoASecond() throws Exception {
        ConcurrentLinkedQueue<Long> sent = new ConcurrentLinkedQueue<>();
        ExecutorService callers = Executors.newFixedThreadPool(REPLICAS * CALLERS);
        ScheduledExecutorService later = Executors.newScheduledThreadPool(1);
        try (PacingDatabase database = new PacingDatabase()) {
            List<Callable<Void>> work = new ArrayList<>();
            for (int replica = 0; replica < REPLICAS; replica++) {
                Pacer pacer = new Pacer("standard", database.slots(), NanoClock.SYSTEM, Duration.ofSeconds(20),
                        new PacerMeters(new SimpleMeterRegistry(), "standard"),
                        look -> later.schedule(look, 5, TimeUnit.MILLISECONDS),
                        task -> later.schedule(task, 20, TimeUnit.MILLISECONDS));
                for (int caller = 0; caller < CALLERS; caller++) {
                    work.add(() -> {
                        for (int i = 0; i < CALLS_A_CALLER; i++) {
                            Permit permit = pacer.acquire(new Terms(List.of(new Window(25, Duration.ofSeconds(1))), 0.01,
                                    OptionalLong.empty()));
                            permit.leave();
                            sent.add(System.nanoTime());
                            permit.written();
                            permit.over();
                        }
                        return null;
                    });
                }
            }
            for (Future<Void> one : callers.invokeAll(work)) {
                one.get();
            }
        } finally {
            callers.shutdownNow();
            later.shutdownNow();
        }
        long[] at = sent.stream().mapToLong(one -> one).sorted().toArray();
        assertThat(at).hasSize(REPLICAS * CALLERS * CALLS_A_CALLER);
        long closest = Long.MAX_VALUE;
        for (int i = 25; i < at.length; i++) {
            closest = Math.min(closest, at[i] - at[i - 25]);
        }
        System.out.printf(Locale.ROOT, "%nThree pacers on one row: %.2f %% of 25/s, 26 calls in %.4f s at the closest%n",
                100 * (at.length - 1) / (25 * (at[at.length - 1] - at[0]) / 1e9), closest / 1e9);
        assertThat(closest).isGreaterThanOrEqualTo(SECOND);
    }
}
