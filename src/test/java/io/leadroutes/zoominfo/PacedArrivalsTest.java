package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.zoominfo.FakeZoomInfo.Answer;
import io.leadroutes.zoominfo.pacing.PacingFixture;
import io.leadroutes.zoominfo.pacing.PacingDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.junit.jupiter.api.Test;

class PacedArrivalsTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void fortyCallsAtOnceFromAColdStartNeverPutMoreThan25IntoOneSecond() throws Exception {
        try (PacingDatabase database = new PacingDatabase();
                ZoomInfoRig rig = new ZoomInfoRig(database.slots(), "25", PacedArrivalsTest::slowForItsFirstSecond)) {
            List<Exchange> answers = atOnce(rig, 40);

            assertThat(answers).allSatisfy(answer -> assertThat(answer.getException()).isNull());
            assertThat(mostInASecond(rig)).isLessThanOrEqualTo(25);
        }
    }

    @Test
    void whileZoomInfoRefusesUntilItsResetAtMostTwoCallsAreMadeAndNoneFails() throws Exception {
        try (PacingDatabase database = new PacingDatabase(); ZoomInfoRig rig = new ZoomInfoRig(database.slots(), "25")) {
            AtomicLong open = new AtomicLong();
            AtomicInteger refused = new AtomicInteger();
            rig.zoomInfo.behave(call -> {
                if (!call.path().startsWith("/enrich")) {
                    return FakeZoomInfo.usual(call);
                }
                Instant now = Instant.now();
                open.compareAndSet(0, now.getEpochSecond() + 4);
                if (now.getEpochSecond() >= open.get()) {
                    return FakeZoomInfo.usual(call);
                }
                refused.incrementAndGet();
                return new Answer(429, "{\"error\":\"You have exceeded your API query rate limit.\"}",
                        Map.of("X-RateLimit-Reset", Long.toString(open.get())));
            });

            List<Exchange> answers = atOnce(rig, 30);

            assertThat(answers).allSatisfy(answer -> assertThat(answer.getException()).isNull());
            assertThat(refused.get()).isBetween(1, 2);
        }
    }

    @Test
    void aCallOfAnEgressThatAnotherReplicaHasTakenOverIsNotSent() throws Exception {
        try (PacingDatabase database = new PacingDatabase(); ZoomInfoRig rig = new ZoomInfoRig(database.slots(), "25")) {
            assertThat(atOnce(rig, 1).get(0).getException()).isNull();
            int calls = rig.zoomInfo.calls("/enrich/contact").size();
            database.execute("update egress_slot set epoch = 4 where tier = 'standard'");

            Exchange answer = rig.camel.createProducerTemplate().send(
                    "kamelet:zoominfo-enrich-contact-action?outputFields=id", exchange -> {
                        exchange.setProperty("zoominfoEpoch", 3);
                        exchange.getMessage().setBody(Map.of("emailAddress", "p@example.com"));
                    });

            assertThat(answer.getException()).isInstanceOfSatisfying(ZoomInfoException.class,
                    e -> assertThat(e.isFenced()).isTrue());
            assertThat(rig.zoomInfo.calls("/enrich/contact")).hasSize(calls);
        }
    }

    @Test
    void withoutADatabaseNothingIsSentAndTheFailureIsTransient() throws Exception {
        try (PacingDatabase database = new PacingDatabase(); ZoomInfoRig rig = new ZoomInfoRig(database.slots(), "25")) {
            database.stop();

            Exchange answer = atOnce(rig, 1).get(0);

            assertThat(answer.getException()).isInstanceOfSatisfying(ZoomInfoException.class,
                    e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.TRANSIENT));
            assertThat(rig.zoomInfo.calls()).isEmpty();
        }
    }

    @Test
    void aLimitOfZeroMeansNoPacingAndNoDatabase() throws Exception {
        try (ZoomInfoRig rig = new ZoomInfoRig(null, "0")) {
            assertThat(atOnce(rig, 60)).allSatisfy(answer -> assertThat(answer.getException()).isNull());
            assertThat(rig.meters.find("leadroutes.zoominfo.slot.wait").timer()).isNull();
        }
    }

    @Test
    void otherThrottlesStayCamelsOwn() throws Exception {
        try (ZoomInfoRig rig = new ZoomInfoRig(PacingFixture.memory(), "25")) {
            rig.loadYaml("""
                    - route:
                        id: other
                        from:
                          uri: direct:other
                          steps:
                            - throttle:
                                id: other-throttle
                                timePeriodMillis: "1000"
                                expression:
                                  constant:
                                    expression: "100"
                    """);
            assertThat(rig.camel.getProcessor("other-throttle"))
                    .isInstanceOf(org.apache.camel.processor.TotalRequestsThrottler.class);
            assertThat(rig.camel.getProcessor("zoominfo-standard").getClass().getSimpleName()).isEqualTo("PacedThrottle");
            assertThat(rig.send("direct:other", "x").getException()).isNull();
        }
    }

    /** As a cold JVM: whatever is to leave in the first second after the first request leaves at its end. */
    private static void slowForItsFirstSecond(HttpClientBuilder builder) {
        AtomicLong first = new AtomicLong();
        CountDownLatch never = new CountDownLatch(1);
        builder.addRequestInterceptorFirst((request, entity, context) -> {
            if (request.getPath().startsWith("/enrich")) {
                first.compareAndSet(0, System.nanoTime());
                try {
                    never.await(first.get() + SECOND - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
    }

    private static List<Exchange> atOnce(ZoomInfoRig rig, int calls) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(calls);
        try {
            List<Callable<Exchange>> tasks = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                Map<String, Object> input = Map.of("emailAddress", "p" + i + "@example.com");
                tasks.add(() -> rig.send("kamelet:zoominfo-enrich-contact-action?outputFields=id", input));
            }
            List<Exchange> answers = new ArrayList<>();
            for (Future<Exchange> future : pool.invokeAll(tasks)) {
                answers.add(future.get());
            }
            return answers;
        } finally {
            pool.shutdownNow();
        }
    }

    private static int mostInASecond(ZoomInfoRig rig) {
        long[] arrivals = rig.zoomInfo.calls().stream().filter(call -> !call.path().equals("/authenticate"))
                .mapToLong(FakeZoomInfo.Call::nanos).sorted().toArray();
        int most = 0;
        for (int i = 0; i < arrivals.length; i++) {
            int count = 0;
            for (int j = i; j < arrivals.length && arrivals[j] - arrivals[i] < SECOND; j++) {
                count++;
            }
            most = Math.max(most, count);
        }
        return most;
    }
}
