package io.leadroutes.bench;

import com.google.common.util.concurrent.RateLimiter;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalPropertiesReader;
import io.github.bucket4j.BlockingBucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.leadroutes.TestDatabase;
import io.leadroutes.zoominfo.ZoomInfoRig;
import io.leadroutes.zoominfo.pacing.PacingDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;

/** A way of keeping to 25 calls a second, each in front of the same Camel HTTP component. */
enum Contender {

    /** The tier route of the repository with all its beans; the schedule is in PostgreSQL. */
    LEADROUTES("LeadRoutes") {
        @Override
        Replicas start(Target target, int replicas) throws Exception {
            PacingDatabase database = new PacingDatabase();
            return Replicas.of(replicas, each -> ours(target, database), database);
        }
    },

    CAMEL_THROTTLE("Camel throttle") {
        @Override
        Replicas start(Target target, int replicas) throws Exception {
            return Replicas.of(replicas,
                    each -> theirs(target, route -> route.throttle(PER_SECOND).timePeriodMillis(1_000)));
        }
    },

    GUAVA("Guava RateLimiter") {
        @Override
        Replicas start(Target target, int replicas) throws Exception {
            return Replicas.of(replicas, each -> {
                RateLimiter limiter = RateLimiter.create(PER_SECOND);
                return theirs(target, route -> route.process(exchange -> limiter.acquire()));
            });
        }
    },

    RESILIENCE4J("Resilience4j RateLimiter") {
        @Override
        Replicas start(Target target, int replicas) throws Exception {
            return Replicas.of(replicas, each -> {
                var limiter = io.github.resilience4j.ratelimiter.RateLimiter.of("zoominfo", RateLimiterConfig.custom()
                        .limitForPeriod(PER_SECOND).limitRefreshPeriod(Duration.ofSeconds(1))
                        .timeoutDuration(Duration.ofMinutes(1)).build());
                return theirs(target, route -> route.process(exchange -> limiter.acquirePermission()));
            });
        }
    },

    /** One bucket in PostgreSQL for all replicas. */
    BUCKET4J("Bucket4j on PostgreSQL") {
        @Override
        Replicas start(Target target, int replicas) throws Exception {
            AgroalDataSource database = AgroalDataSource.from(new AgroalPropertiesReader().readProperties(Map.of(
                    AgroalPropertiesReader.JDBC_URL, TestDatabase.freshUrl(), AgroalPropertiesReader.MAX_SIZE, "32"))
                    .get());
            try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
                statement.execute("create table bucket (id bigint primary key, state bytea, expires_at bigint)");
            }
            return Replicas.of(replicas, each -> {
                BlockingBucket bucket = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(database).build().getProxy(1L,
                        () -> BucketConfiguration.builder().addLimit(limit -> limit.capacity(PER_SECOND)
                                .refillGreedy(PER_SECOND, Duration.ofSeconds(1))).build()).asBlocking();
                return theirs(target, route -> route.process(exchange -> bucket.consume(1)));
            }, database);
        }
    },

    /** No limiter; a call that was refused is made again after a pause that doubles, with jitter. */
    RETRY("retry with back-off") {
        @Override
        Replicas start(Target target, int replicas) throws Exception {
            return Replicas.of(replicas, each -> {
                Client plain = theirs(target, route -> route);
                return new Client() {
                    @Override
                    public int call() throws Exception {
                        int status = plain.call();
                        long pause = FIRST_PAUSE_MILLIS;
                        while (status == 429) {
                            Thread.sleep(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2));
                            pause = Math.min(2 * pause, LAST_PAUSE_MILLIS);
                            status = plain.call();
                        }
                        return status;
                    }

                    @Override
                    public void close() throws Exception {
                        plain.close();
                    }
                };
            });
        }
    };

    static final int PER_SECOND = 25;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LAST_PAUSE_MILLIS = 4_000;
    private static final String PATH = "/enrich/contact";

    private final String title;

    Contender(String title) {
        this.title = title;
    }

    /** Starts so many replicas; only what keeps its state in the database shares it among them. */
    abstract Replicas start(Target target, int replicas) throws Exception;

    String title() {
        return title;
    }

    /**
     * What is called.
     *
     * @param token for those that do not log in themselves
     */
    record Target(String baseUrl, String username, String password, String token, String body) {
    }

    /** One replica of a contender; for many threads. */
    interface Client extends AutoCloseable {

        /** Waits as its limiter wants, then calls. The status of the answer. */
        int call() throws Exception;
    }

    private static Client ours(Target target, PacingDatabase database) throws Exception {
        ZoomInfoRig rig = new ZoomInfoRig(database.slots(), Integer.toString(PER_SECOND), target.baseUrl(),
                target.username(), target.password());
        return new Client() {
            @Override
            public int call() {
                Exchange answer = rig.send("direct:zoominfo-standard", target.body(),
                        Map.of(Exchange.HTTP_METHOD, "POST", Exchange.HTTP_PATH, PATH));
                return answer.getException() == null ? 200 : 0;
            }

            @Override
            public void close() throws Exception {
                rig.close();
            }
        };
    }

    private interface Limiting {
        org.apache.camel.model.ProcessorDefinition<?> limit(RouteDefinition route);
    }

    /** The same HTTP call as in the tier route, behind a limiter. */
    private static Client theirs(Target target, Limiting limiting) throws Exception {
        CamelContext camel = new DefaultCamelContext();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                limiting.limit(from("direct:call").errorHandler(noErrorHandler()))
                        .setHeader(Exchange.HTTP_METHOD, constant("POST")).setHeader(Exchange.HTTP_PATH, constant(PATH))
                        .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                        .setHeader("Authorization", constant("Bearer " + target.token()))
                        .to(target.baseUrl() + "?bridgeEndpoint=true&throwExceptionOnFailure=false"
                                + "&followRedirects=false&connectionsPerRoute=64&maxTotalConnections=64");
            }
        });
        camel.start();
        ProducerTemplate template = camel.createProducerTemplate();
        return new Client() {
            @Override
            public int call() {
                Exchange answer = template.request("direct:call",
                        exchange -> exchange.getMessage().setBody(target.body()));
                return answer.getException() == null
                        ? answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class) : 0;
            }

            @Override
            public void close() {
                camel.stop();
            }
        };
    }
}
