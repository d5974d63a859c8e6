package io.leadroutes.lead;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class IntakeProblemTest {

    private static final class Refused extends Exception implements StageFailure {
        private static final long serialVersionUID = 1L;

        Refused() {
            super("You have used up all of your allowed record limit");
        }

        @Override
        public String failureClassName() {
            return "QUOTA_EXHAUSTED";
        }

        @Override
        public Optional<Integer> httpStatus() {
            return Optional.of(403);
        }

        @Override
        public Optional<String> responseRequestId() {
            return Optional.empty();
        }

        @Override
        public Optional<String> sentRequestId() {
            return Optional.empty();
        }

        @Override
        public Optional<String> action() {
            return Optional.of("Wait for the new term");
        }
    }

    private static JsonNode problem(Exception caught) throws Exception {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, caught);
        new IntakeProblem().process(exchange);
        return new ObjectMapper().readTree(exchange.getMessage().getBody(String.class));
    }

    @Test
    void aFailureOfASystemThatTheRouteCallsSaysWhatToDo() throws Exception {
        JsonNode problem = problem(new IllegalStateException(new Refused()));

        assertThat(problem.path("status").asInt()).isEqualTo(502);
        assertThat(problem.path("detail").asText()).startsWith("QUOTA_EXHAUSTED: You have used up");
        assertThat(problem.path("action").asText()).isEqualTo("Wait for the new term");
    }

    @Test
    void anythingElseTellsNothingFromInside() throws Exception {
        JsonNode problem = problem(new IllegalStateException("password=secret"));

        assertThat(problem.path("status").asInt()).isEqualTo(503);
        assertThat(problem.toString()).doesNotContain("secret");
    }
}
