package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.zoominfo.FakeZoomInfo.Answer;
import io.leadroutes.zoominfo.pacing.PacingFixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LookupsTest {

    private static final String INDUSTRIES = "kamelet:zoominfo-lookup-enumeration-action?enumeration=industry";

    private ZoomInfoRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new ZoomInfoRig(PacingFixture.memory(), "0");
        rig.zoomInfo.behave(call -> call.path().equals("/lookup/industry")
                ? Answer.json(200, "[{\"Id\":\"agriculture\",\"Name\":\"Agriculture\"}]") : FakeZoomInfo.usual(call));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void aLookUpIsAskedForOnceUntilItExpires() {
        for (int i = 0; i < 3; i++) {
            Exchange answer = rig.send(INDUSTRIES, "ignored", Map.of("kept", "yes"));
            assertThat(answer.getMessage().getBody(List.class))
                    .isEqualTo(List.of(Map.of("Id", "agriculture", "Name", "Agriculture")));
            assertThat(answer.getMessage().getHeaders()).containsEntry("kept", "yes").doesNotContainKey("CamelHttpPath");
        }
        assertThat(rig.zoomInfo.calls("/lookup/industry")).hasSize(1);

        rig.clock.advance(Duration.ofHours(2));
        rig.send(INDUSTRIES, null);
        assertThat(rig.zoomInfo.calls("/lookup/industry")).hasSize(2);
    }

    @Test
    void lookUpsWithDifferentParametersAreDifferentAnswers() {
        rig.send("kamelet:zoominfo-lookup-enumeration-action?enumeration=tech/product&vendor=Oracle", null);
        rig.send("kamelet:zoominfo-lookup-enumeration-action?enumeration=tech/product&vendor=Example", null);
        rig.send("kamelet:zoominfo-lookup-enumeration-action?enumeration=tech/product&vendor=Oracle", null);

        assertThat(rig.zoomInfo.calls("/lookup/tech/product")).extracting(FakeZoomInfo.Call::uri)
                .containsExactly("/lookup/tech/product?vendor=Oracle", "/lookup/tech/product?vendor=Example");
    }

    @Test
    void anExpiredAnswerIsGivenWithAWarningWhenZoomInfoCannotBeReached() {
        rig.send(INDUSTRIES, null);
        rig.clock.advance(Duration.ofHours(2));
        rig.zoomInfo.behave(call -> Answer.json(503, "{\"error\":\"busy\"}"));
        try (Warnings warnings = new Warnings(Lookups.class)) {
            assertThat(rig.send(INDUSTRIES, null).getMessage().getBody(List.class)).hasSize(1);
            assertThat(rig.send(INDUSTRIES, null).getMessage().getBody(List.class)).hasSize(1);
            assertThat(warnings.texts()).hasSize(1);
            assertThat(warnings.texts().get(0)).contains("cannot be reached").contains("/lookup/industry");
        }
        assertThat(rig.zoomInfo.calls("/lookup/industry")).hasSize(2);

        rig.zoomInfo.behave(call -> Answer.json(200, "[]"));
        rig.clock.advance(Duration.ofMinutes(2));
        assertThat(rig.send(INDUSTRIES, null).getMessage().getBody(List.class)).isEmpty();
    }

    @Test
    void anExpiredAnswerIsNotGivenWhenZoomInfoRefuses() {
        rig.send(INDUSTRIES, null);
        rig.clock.advance(Duration.ofHours(2));
        rig.zoomInfo.behave(call -> Answer.json(403, "{\"error\":\"You do not have access to this endpoint\"}"));

        assertThat(rig.send(INDUSTRIES, null).getException()).isInstanceOfSatisfying(ZoomInfoException.class,
                e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.NOT_LICENSED));
    }

    @Test
    void manyWhoWantTheSameAtOnceCauseOneCall() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Lookups lookups = new Lookups((path, parameters) -> {
            calls.incrementAndGet();
            asked.countDown();
            try {
                answer.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return List.of(path);
        }, Duration.ofHours(1), rig.clock);
        ExecutorService pool = Executors.newFixedThreadPool(20);
        try {
            var answers = IntStream.range(0, 20).mapToObj(i -> pool.submit(
                    (Callable<Object>) () -> lookups.get("/lookup/state", Map.of()))).toList();
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            answer.countDown();
            for (var one : answers) {
                assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(List.of("/lookup/state"));
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void theOneUnusedForLongestIsDroppedWhenThereAreTooMany() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Lookups lookups = new Lookups((path, parameters) -> List.of(calls.incrementAndGet()), Duration.ofHours(1), rig.clock);
        for (int i = 0; i <= Lookups.MOST; i++) {
            lookups.get("/lookup/" + i, Map.of());
            lookups.get("/lookup/0", Map.of());
        }
        assertThat(lookups.get("/lookup/0", Map.of())).isEqualTo(List.of(1));
        int before = calls.get();
        lookups.get("/lookup/1", Map.of());
        assertThat(calls.get()).isEqualTo(before + 1);
    }
}
