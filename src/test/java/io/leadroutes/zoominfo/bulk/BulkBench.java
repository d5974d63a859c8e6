package io.leadroutes.zoominfo.bulk;

import io.leadroutes.TestDatabase;
import io.leadroutes.crm.CrmUpdate;
import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.leadroutes.zoominfo.bulk.BulkJobs.Running;
import io.leadroutes.zoominfo.bulk.BulkJobs.Submission;
import io.leadroutes.zoominfo.bulk.BulkPages.Page;
import io.leadroutes.zoominfo.bulk.BulkRefreshes.Order;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The beans of bulk refreshes on a database of their own; a test answers in ZoomInfo's place. */
final class BulkBench {

    record Settings(int jobSize, int activeJobs, int queueLimit, Duration poll, Duration jobLife, Duration doubt,
            boolean preview, long round, long progress) implements ZoomInfoConfig.Bulk {
    }

    record Pauses(Duration outage, Duration outageMost, Duration account, Duration accountMost)
            implements ZoomInfoConfig.Pause {
    }

    private static final DataSource DATABASE = TestDatabase.fresh();

    final DataSource database = DATABASE;
    final JdbcTemplate jdbc = new JdbcTemplate(database);
    final BulkRefreshes refreshes = new BulkRefreshes(database);
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TransactionTemplate transactions =
            new TransactionTemplate(new DataSourceTransactionManager(database));
    private final DefaultCamelContext camel = new DefaultCamelContext();
    Settings settings = new Settings(10, 5, 100, Duration.ZERO, Duration.ofHours(24), Duration.ofHours(24), true, 1, 1);
    Optional<Long> budget = Optional.empty();
    boolean crmFails;
    private Process process = new Process();

    BulkBench() {
        jdbc.execute("truncate bulk_refresh, redeemed_person, redeemed_company, crm_update, credit_use, credit_reservation cascade");
    }

    /** What lives in one process. */
    private final class Process {
        private final BulkWork work = new BulkWork(database, new Pauses(Duration.ofSeconds(15),
                Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(15)));

        private BulkJobs jobs() {
            return new BulkJobs(database, work, pressure(), LedgerFixture.ledger(database, budget), settings);
        }

        private BulkPages pages() {
            CrmUpdates updates = new CrmUpdates(database, Duration.ofDays(7)) {
                @Override
                public void add(Collection<CrmUpdate> all) {
                    super.add(all);
                    if (crmFails) {
                        throw new IllegalStateException("the queue fails");
                    }
                }
            };
            return new BulkPages(database, work, jobs(), pressure(), updates, LedgerFixture.ledger(database, budget),
                    LedgerFixture.redeemed(database), meters);
        }

        private BackPressure pressure() {
            return new BackPressure(database, settings.queueLimit());
        }
    }

    /** As after kill -9 and a new start: nothing of the old process is left, its lease has run out. */
    void killAndStart() {
        jdbc.update("update bulk_refresh set lease_until = now() - interval '1 second'");
        process = new Process();
    }

    UUID ids(int from, int to, String margin, boolean starts) {
        return csv("personId\n" + IntStream.rangeClosed(from, to).mapToObj(Integer::toString)
                .collect(Collectors.joining("\n")), margin, starts);
    }

    UUID csv(String text, String margin, boolean starts) {
        try {
            return refreshes.order(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Optional.empty(),
                    new Order(List.of(), new BigDecimal(margin), starts));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Refresh read(UUID id) {
        return refreshes.find(id).orElseThrow();
    }

    /** Claims what is to be done; the first of it. */
    Work claim() {
        return claims().stream().findFirst().orElseThrow(() -> new AssertionError("nothing to claim"));
    }

    List<Work> claims() {
        jdbc.update("update bulk_refresh set not_before = now()");
        return in(() -> process.work.claim());
    }

    List<Work> claimsOfAnotherProcess() {
        return in(() -> new Process().work.claim());
    }

    void plan() {
        Work mine = claim();
        in(() -> {
            new BulkQuote(database, process.work, settings).plan(mine);
            return null;
        });
    }

    /** The quote, with previews answered by {@code found} records each. */
    void quote(UUID id, int found) {
        plan();
        for (Optional<Submission> next = next(claim()); next.isPresent(); next = next(claim())) {
            submitted(next.get());
            status(next.get().job(), Map.of("status", "COMPLETED", "totalRecords", found, "successfulPages", List.of(1)));
        }
        Work mine = claim();
        in(() -> {
            new BulkQuote(database, process.work, settings).conclude(mine);
            return null;
        });
    }

    /** The next job that is about to be submitted; a second has passed since the last one. */
    Optional<Submission> next(Work mine) {
        jdbc.update("update bulk_job set prepared_at = prepared_at - interval '2 seconds', "
                + "answered_at = answered_at - interval '2 seconds'");
        return nextAtOnce(mine);
    }

    Optional<Submission> nextAtOnce(Work mine) {
        Exchange exchange = new DefaultExchange(camel);
        in(() -> {
            process.jobs().next(exchange, mine);
            return null;
        });
        return Optional.ofNullable(exchange.getVariable("submission", Submission.class));
    }

    void submitted(Submission submission) {
        in(() -> {
            process.jobs().submitted(Map.of("jobId", jobId(submission.job())), submission);
            return null;
        });
    }

    void notSubmitted(Submission submission, FailureClass failure) {
        Work mine = claim();
        in(() -> {
            process.jobs().notSubmitted(mine, submission, new ZoomInfoException(failure, "refused", "sent"));
            return null;
        });
    }

    void status(UUID job, Map<String, Object> answer) {
        Work mine = claim();
        List<Running> due = in(() -> process.jobs().due(mine));
        Running running = due.stream().filter(each -> each.job().equals(job)).findFirst().orElseThrow();
        in(() -> {
            process.jobs().status(answer, mine, running);
            return null;
        });
    }

    void due() {
        Work mine = claim();
        in(() -> process.jobs().due(mine));
    }

    void lost(UUID job) {
        Work mine = claim();
        in(() -> {
            process.jobs().unreachable(mine, new Running(job, jobId(job), "ENRICH"), new ZoomInfoException(
                    FailureClass.INVALID_REQUEST, 404, "not found", Optional.empty(), "sent", List.of()));
            return null;
        });
    }

    /** Submits the next job and has all its pages done. */
    Submission run(int pages) {
        Submission submission = next(claim()).orElseThrow(() -> new AssertionError("nothing may be submitted"));
        submitted(submission);
        status(submission.job(), Map.of("status", "COMPLETED", "successfulPages",
                IntStream.rangeClosed(1, pages).boxed().toList()));
        return submission;
    }

    Optional<Page> page(Work mine) {
        Exchange exchange = new DefaultExchange(camel);
        in(() -> {
            process.pages().next(exchange, mine);
            return null;
        });
        return Optional.ofNullable(exchange.getVariable("page", Page.class));
    }

    void store(Work mine, Page page, Map<String, Object> answer) {
        in(() -> {
            try {
                process.pages().store(answer, mine, page);
            } catch (ZoomInfoException e) {
                throw new IllegalStateException(e);
            }
            return null;
        });
    }

    void conclude(Work mine) {
        in(() -> {
            process.work.conclude(mine);
            return null;
        });
    }

    /** What is sent to Salesforce next. */
    String load() {
        Exchange exchange = new DefaultExchange(camel);
        new BulkLoading(database, process.work).next(exchange, claim());
        return exchange.getMessage().getBody(String.class);
    }

    void loaded(String answer) {
        Work mine = claim();
        in(() -> new BulkLoading(database, process.work).store(answer, mine));
    }

    /** A page that answers these inputs, all with the same match status; a full match has the id that was asked for. */
    static Map<String, Object> answer(List<?> inputs, String status) {
        List<Object> results = new ArrayList<>();
        for (Object each : inputs) {
            Map<?, ?> input = (Map<?, ?>) each;
            Object id = input.containsKey("personId") ? input.get("personId") : Integer.toString(input.hashCode() & 0xFFFFF);
            results.add(Map.of("input", Map.of(input.keySet().iterator().next().toString().toLowerCase(),
                    input.values().iterator().next()), "matchStatus", status, "data",
                    status.equals("FULL_MATCH") ? Map.of("id", Long.valueOf(id.toString()), "email", "x@example.com") : Map.of()));
        }
        return Map.of("result", results);
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> inputs(Submission submission) {
        return (List<Map<String, Object>>) submission.request().get("matchPersonInput");
    }

    long count(String sql) {
        return jdbc.queryForObject("select count(*) from " + sql, Long.class);
    }

    private static String jobId(UUID job) {
        return job.toString().replace("-", "");
    }

    private <T> T in(Supplier<T> work) {
        return transactions.execute(status -> work.get());
    }
}
