package io.leadroutes.zoominfo;

import io.leadroutes.lead.Backoff;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Circuit breakers before ZoomInfo, in the database, so that all replicas share them: one for each account and family
 * of operations ({@code enrich}, {@code search}, {@code lookup}, {@code bulk}, {@code webhooks}, {@code compliance}, …)
 * that opens on outages, and one for each operation that opens when the account may not call it.
 *
 * <p>Opens on {@link #UNANSWERED} calls in a row without an answer, on {@link #FAILING} in a row without a good one,
 * and at once when quota, licence or credentials are refused. While it is open one call at a time is let through as a
 * probe, after a pause that doubles with each probe that fails. A probe that succeeds closes it. A 429 counts as
 * nothing, and so does a call without an answer that a later one has overtaken; an answer that refuses the request
 * counts as a success: all three show ZoomInfo at work.
 */
@ApplicationScoped
@Named("zoominfoCircuits")
@Unremovable
public class Circuits implements Circuit {

    /** Calls in a row without an answer that open the circuit of a family. */
    static final int UNANSWERED = 3;
    /** Calls in a row answered by an error of the server or something unreadable, or not answered. */
    static final int FAILING = 5;
    /** A probe that has not told by then has died with its process: longer than a call can take. */
    private static final Duration PROBE = Duration.ofSeconds(60);
    private static final Set<FailureClass> AT_ONCE = Set.of(FailureClass.QUOTA_EXHAUSTED, FailureClass.NOT_LICENSED,
            FailureClass.UNAUTHENTICATED);
    private static final String OUTAGE = "OUTAGE";
    private static final long SUCCESS_NOTED = TimeUnit.SECONDS.toNanos(1);
    private static final Logger LOG = Logger.getLogger(Circuits.class);

    private final JdbcClient jdbc;
    private final String account;
    private final Pauses pauses;
    private final MeterRegistry meters;
    /** Operation → when its success was last written, so that it is not written with each call. */
    private final Map<String, Long> noted = new ConcurrentHashMap<>();
    /** Operation → when the last of its calls that succeeded in this process had been let through. */
    private final Map<String, Long> latest = new ConcurrentHashMap<>();
    /** Operation → its last success in this process. */
    private final Map<String, Long> served = new ConcurrentHashMap<>();

    /** First and longest pause before a probe, for outages and for what the account may not do. */
    record Pauses(Duration outage, Duration outageMost, Duration account, Duration accountMost) {

        Duration of(String cause, int tries) {
            return (cause.equals(OUTAGE) ? new Backoff(outage, outageMost) : new Backoff(account, accountMost))
                    .pause(tries);
        }
    }

    /**
     * A circuit that is open.
     *
     * @param family  family or operation
     * @param cause   {@code OUTAGE}, {@code QUOTA_EXHAUSTED}, {@code NOT_LICENSED} or {@code UNAUTHENTICATED}
     * @param reason  in words
     * @param since   when it opened
     * @param tries   probes that failed since then
     * @param retryAt when the next probe may go
     * @param due     whether that is past, by the clock of the database
     */
    public record Open(String family, String cause, String reason, Instant since, int tries, Instant retryAt,
            boolean due) {
    }

    private record Row(String family, boolean open, String cause, String reason, int failures, int tries,
            boolean due) {
    }

    @Inject
    Circuits(DataSource dataSource, ZoomInfoConfig config, MeterRegistry meters) {
        this(dataSource, Account.of(config), new Pauses(config.pause().outage(), config.pause().outageMost(),
                config.pause().account(), config.pause().accountMost()), meters);
    }

    Circuits(DataSource dataSource, String account, Pauses pauses, MeterRegistry meters) {
        this.jdbc = JdbcClient.create(dataSource);
        this.account = account;
        this.pauses = pauses;
        this.meters = meters;
    }

    /** Names the account in the claim of the enrichment. */
    public String account() {
        return account;
    }

    static String family(String operation) {
        return operation.contains("/") ? operation.substring(0, operation.indexOf('/')) : operation;
    }

    @Override
    @Transactional(TxType.NOT_SUPPORTED)
    public Pass admit(String operation, String requestId) throws CircuitOpenException {
        String family = family(operation);
        boolean probes = false;
        for (Row row : rows(operation)) {
            if (row.failures() > 0 || row.open()) {
                noted.remove(operation);
            }
            if (row.open()) {
                if (!row.due() || !probe(row.family())) {
                    throw open(row);
                }
                probes = true;
            }
        }
        if (probes) {
            LOG.infof("One call to ZoomInfo's %s finds out whether it can be used again, X-Request-Id %s", family,
                    requestId);
        }
        return new Pass(probes, System.nanoTime());
    }

    private List<Row> rows(String operation) {
        return jdbc.sql("""
                select family, state = 'OPEN' as open, coalesce(cause, '') as cause, coalesce(reason, '') as reason,
                       failures, tries, state = 'OPEN' and retry_at <= clock_timestamp()
                           and coalesce(probe_until <= clock_timestamp(), true) as due
                from zoominfo_circuit where account = :account and family in (:family, :operation)""")
                .param("account", account).param("family", family(operation)).param("operation", operation)
                .query(Row.class).list();
    }

    private boolean probe(String family) {
        return jdbc.sql("""
                update zoominfo_circuit set probe_until = clock_timestamp() + :probe * interval '1 second'
                where account = :account and family = :family and state = 'OPEN' and retry_at <= clock_timestamp()
                  and coalesce(probe_until <= clock_timestamp(), true)""")
                .param("probe", PROBE.toSeconds()).param("account", account).param("family", family).update() == 1;
    }

    private static CircuitOpenException open(Row row) {
        return new CircuitOpenException(row.cause().equals(OUTAGE) ? FailureClass.TRANSIENT
                : FailureClass.valueOf(row.cause()), "Not sent: " + row.reason());
    }

    @Override
    @Transactional(TxType.NOT_SUPPORTED)
    public void succeeded(String operation, Pass pass) {
        telling(operation, () -> note(operation, pass));
    }

    /** The answer counts, whether or not the database can be told of it. */
    private static void telling(String operation, Runnable note) {
        try {
            note.run();
        } catch (DataAccessException e) {
            LOG.warnf("How a call to ZoomInfo's %s ended could not be noted: %s", operation, e.getClass().getSimpleName());
        }
    }

    private void note(String operation, Pass pass) {
        String family = family(operation);
        served.put(operation, System.nanoTime());
        latest.merge(operation, pass.at(), (known, at) -> at - known > 0 ? at : known);
        Long last = noted.get(operation);
        if (!pass.probe() && last != null && System.nanoTime() - last < SUCCESS_NOTED) {
            return;
        }
        jdbc.sql("""
                insert into zoominfo_circuit (account, family, succeeded_at)
                select :account, family, clock_timestamp()
                from (select :family as family union select :operation order by 1) told
                on conflict (account, family) do update
                set succeeded_at = clock_timestamp(),
                    failures = case when zoominfo_circuit.state = 'CLOSED' then 0 else zoominfo_circuit.failures end""")
                .param("account", account).param("family", family).param("operation", operation).update();
        noted.put(operation, System.nanoTime());
        if (pass.probe()) {
            close(family, operation);
        }
    }

    /** Only a probe closes: another success may be of a call that left before the trouble began. */
    private void close(String family, String operation) {
        jdbc.sql("""
                update zoominfo_circuit
                set state = 'CLOSED', cause = null, reason = null, failures = 0, tries = 0, opened_at = null,
                    retry_at = null, probe_until = null
                where account = :account and family in (:family, :operation) and state = 'OPEN'
                returning family""").param("account", account).param("family", family)
                .param("operation", operation).query(String.class).list()
                .forEach(closed -> LOG.infof("ZoomInfo's %s can be used again; what waited goes on", closed));
    }

    @Override
    @Transactional(TxType.NOT_SUPPORTED)
    public void failed(String operation, Pass pass, ZoomInfoException failure, boolean suspect) {
        telling(operation, () -> count(operation, pass, failure, suspect));
    }

    private void count(String operation, Pass pass, ZoomInfoException failure, boolean suspect) {
        FailureClass kind = failure.getFailureClass();
        boolean unanswered = kind == FailureClass.TRANSIENT || kind == FailureClass.UNKNOWN_OUTCOME;
        boolean failing = kind == FailureClass.SERVER_ERROR || kind == FailureClass.PROTOCOL;
        if (failure instanceof CircuitOpenException || unanswered && overtaken(operation, pass)) {
            return;
        }
        if (AT_ONCE.contains(kind) && failure.getInvalidOutputFields().isEmpty()) {
            trip(operation, kind.name(), failure.getMessage(), pass, 1);
        } else if (unanswered || failing && (!suspect || pass.probe())) {
            noted.remove(operation);
            trip(family(operation), OUTAGE, failure.getMessage(), pass,
                    unanswered ? UNANSWERED : FAILING);
        } else if (kind == FailureClass.INVALID_REQUEST) {
            note(operation, pass);
        } else if (pass.probe()) {
            // Told nothing; the next call may ask.
            jdbc.sql("update zoominfo_circuit set probe_until = null where account = :account and state = 'OPEN' "
                    + "and family in (:family, :operation)").param("account", account)
                    .param("family", family(operation)).param("operation", operation).update();
        }
    }

    /** A call that left later has been answered well: ZoomInfo is there, and this one was slow by itself. */
    private boolean overtaken(String operation, Pass pass) {
        Long last = latest.get(operation);
        return !pass.probe() && last != null && last - pass.at() > 0;
    }

    /** Counts a failure, opens the circuit if it was one too many, and puts the next probe off if this was one. */
    private void trip(String family, String cause, String reason, Pass pass, int limit) {
        Optional<Row> before = rows(family).stream().filter(row -> row.family().equals(family)).findFirst();
        boolean wasOpen = before.filter(Row::open).isPresent();
        // What left before the circuit opened and fails after it was no probe.
        boolean probed = wasOpen && (pass.probe() || before.get().due());
        Duration pause = pauses.of(cause, probed ? before.get().tries() + 1 : 0);
        String state = jdbc.sql("""
                insert into zoominfo_circuit as c (account, family, state, cause, reason, failures, opened_at, retry_at)
                values (:account, :family, case when :limit <= 1 then 'OPEN' else 'CLOSED' end, :cause, :reason, 1,
                        clock_timestamp(), clock_timestamp() + :pause * interval '1 ms')
                on conflict (account, family) do update
                set failures = c.failures + 1,
                    state = case when c.state = 'OPEN' or c.failures + 1 >= :limit then 'OPEN' else 'CLOSED' end,
                    cause = case when c.state = 'OPEN' and not :probed then c.cause else excluded.cause end,
                    reason = case when c.state = 'OPEN' and not :probed then c.reason else excluded.reason end,
                    opened_at = case when c.state = 'OPEN' then c.opened_at else excluded.opened_at end,
                    tries = case when :probed then c.tries + 1 when c.state = 'OPEN' then c.tries else 0 end,
                    retry_at = case when c.state = 'OPEN' and not :probed then c.retry_at else excluded.retry_at end,
                    probe_until = case when c.state = 'OPEN' and not :probed then c.probe_until else null end
                returning state""").param("account", account).param("family", family).param("limit", limit)
                .param("cause", cause).param("reason", reason).param("pause", pause.toMillis())
                .param("probed", probed).query(String.class).single();
        if (state.equals("OPEN") && (probed || !wasOpen)) {
            LOG.warnf("Nothing is sent to ZoomInfo's %s for %d ms, then one call: %s, %s", family, pause.toMillis(),
                    cause, reason);
            meters.counter("leadroutes.zoominfo.circuit.opened", "family", family, "cause", cause).increment();
        }
    }

    @Override
    @Transactional(TxType.NOT_SUPPORTED)
    public void tryAgain(FailureClass cause) {
        jdbc.sql("""
                update zoominfo_circuit set retry_at = clock_timestamp()
                where account = :account and state = 'OPEN' and cause = :cause and retry_at > clock_timestamp()""")
                .param("account", account).param("cause", cause.name()).update();
    }

    /** The circuits that are open now. */
    public List<Open> open() {
        return jdbc.sql("""
                select family, cause, reason, opened_at, tries, retry_at, retry_at <= clock_timestamp()
                from zoominfo_circuit
                where account = :account and state = 'OPEN' order by family""").param("account", account)
                .query((row, number) -> new Open(row.getString(1), row.getString(2), row.getString(3),
                        row.getTimestamp(4).toInstant(), row.getInt(5), row.getTimestamp(6).toInstant(), row.getBoolean(7))).list();
    }

    /** What keeps this operation from being called. */
    Optional<Open> open(String operation) {
        return open().stream().filter(one -> one.family().equals(operation) || one.family().equals(family(operation)))
                .findFirst();
    }

    /** Whether a call of this operation has succeeded since then in this process. */
    boolean servedSince(String operation, long nanoTime) {
        Long last = served.get(operation);
        return last != null && last - nanoTime > 0;
    }

    /** Whether a call of this operation has succeeded since then in any replica, by the clock of the database. */
    boolean succeededSince(String operation, Instant moment) {
        return jdbc.sql("select succeeded_at > :moment from zoominfo_circuit where account = :account "
                + "and family = :operation and succeeded_at is not null").param("moment", Timestamp.from(moment))
                .param("account", account).param("operation", operation).query(Boolean.class).optional()
                .orElse(false);
    }
}
