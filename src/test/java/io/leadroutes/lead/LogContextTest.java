package io.leadroutes.lead;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {

    @Test
    void eachStepKnowsItsRequestAlsoOnAnotherThreadAndNoThreadKeepsIt() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            new LogContext().configure(context);
            context.getRegistry().bind("requestIds", new RequestIds());
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in").process("requestIds").process(e -> seen.add(context()))
                            .threads().executorService(pool).process(e -> seen.add(context()));
                    from("direct:plain").process(e -> seen.add(context()));
                    from("direct:failing").process("requestIds").process(e -> {
                        throw new IllegalStateException("as ordered");
                    });
                }
            });
            context.start();
            ProducerTemplate template = context.createProducerTemplate();

            template.requestBodyAndHeaders("direct:in", "", Map.of(RequestIds.HEADER, "request-1"));
            assertThat(seen).containsExactly("request-1", "request-1");
            assertThat(context()).isNull();
            assertThat(pool.submit(LogContextTest::context).get()).isNull();
            template.send("direct:failing", exchange -> { });
            assertThat(context()).isNull();
            template.requestBody("direct:plain", "");
            assertThat(seen).hasSize(3).last().isNull();
        } finally {
            pool.shutdownNow();
        }
    }

    private static String context() {
        return MDC.get(RequestIds.VARIABLE);
    }
}
