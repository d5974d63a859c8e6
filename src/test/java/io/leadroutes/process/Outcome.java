package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** What a RevOps administrator is to find of any lead and any pool, whatever happened on the way. */
public final class Outcome {

    private Outcome() {
    }

    /** One write and a headline; where it was routed, an owner and a receipt whose lines sum to the score. */
    public static void assertDone(JsonNode story) {
        assertThat(story.path("headline").asText()).isNotBlank();
        assertThat(story.path("writes")).as("writes of %s", story).hasSize(1);
        if (story.path("headline").asText().startsWith("Not routed")) {
            return;
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode line : story.path("score").path("lines")) {
            sum = sum.add(new BigDecimal(line.path("points").asText()));
            assertThat(line.path("reason").asText()).isNotBlank();
        }
        assertThat(sum).isEqualByComparingTo(new BigDecimal(story.path("score").path("total").asText()));
        assertThat(story.path("assignment").path("ownerId").asText()).isNotBlank();
    }

    /**
     * Constant teams get their weights exactly: nobody's share is a whole lead away from what he was owed.
     *
     * @param answer of {@code /api/pools}
     */
    public static void assertSharesAreExact(JsonNode answer) {
        assertThat(answer.path("pools")).isNotEmpty();
        for (JsonNode pool : answer.path("pools")) {
            int total = 0;
            int weights = 0;
            for (JsonNode member : pool.path("members")) {
                total += member.path("assigned").asInt();
                weights += member.path("weight").asInt();
            }
            for (JsonNode member : pool.path("members")) {
                double expected = (double) total * member.path("weight").asInt() / weights;
                assertThat(member.path("assigned").asInt() - expected).as("%s in %s", member, pool.path("id"))
                        .isStrictlyBetween(-1.0, 1.0);
            }
            assertThat(pool.path("difference").isNull()).as("replay of %s", pool).isTrue();
        }
    }
}
