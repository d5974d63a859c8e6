package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leadroutes.zoominfo.FakeZoomInfo.Answer;
import io.leadroutes.zoominfo.pacing.PacingFixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallBoundsTest {

    private static final String ENRICH = "kamelet:zoominfo-enrich-contact-action?outputFields=id";
    private static final Map<String, Object> ADA = Map.of("emailAddress", "ada@example.com");

    private ZoomInfoRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new ZoomInfoRig(PacingFixture.memory(), "0", ZoomInfoRig.ALWAYS_CLOSED, Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void anAnswerThatComesByteByByteIsCutAtTheDeadlineOfTheCallAndFreesItsConnection() {
        rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact") && call.body().contains("slow")
                ? new Answer(200, "{\"success\":true}".repeat(100), Map.of("drip", "yes")) : FakeZoomInfo.usual(call));
        // More calls than connections: each would hold one for minutes.
        List<CompletableFuture<Exchange>> slow = IntStream.range(0, 100).mapToObj(i -> CompletableFuture.supplyAsync(
                () -> rig.send(ENRICH, Map.of("emailAddress", "slow" + i + "@example.com")))).toList();

        for (CompletableFuture<Exchange> one : slow) {
            assertThat(one.join().getException()).isInstanceOfSatisfying(ZoomInfoException.class,
                    e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.UNKNOWN_OUTCOME));
        }
        assertThat(rig.send(ENRICH, ADA).getException()).isNull();
        await("the server sees that nobody listens any more").atMost(Duration.ofSeconds(30))
                .until(() -> rig.zoomInfo.dripping() == 0);
    }

    @Test
    void anAnswerThatIsLargerThanAnyRightOneIsUnreadable() {
        rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact")
                ? Answer.json(200, "{\"success\":true,\"data\":\"" + "x".repeat(100_000) + "\"}") : FakeZoomInfo.usual(call));
        assertThat(rig.send(ENRICH, ADA).getException()).isInstanceOfSatisfying(ZoomInfoException.class,
                e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.PROTOCOL));
        rig.zoomInfo.behave(FakeZoomInfo::usual);
        assertThat(rig.send(ENRICH, ADA).getException()).isNull();
    }
}
