package io.leadroutes.kafka;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.leadroutes.crash.CrashPoint;
import io.leadroutes.decision.DecisionListener;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.RequestIds;
import io.leadroutes.receipt.ReceiptJson;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultMessage;
import org.jboss.logging.Logger;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Decisions on their way to Kafka. A row is written in the decision's transaction; one replica at a time, which holds
 * the lease, publishes the rows in their order and marks them. Of one record only the oldest waiting decision is
 * claimed, so the next one leaves after the broker has the one before. A process that dies in between leaves rows
 * unmarked, and their decisions are published again.
 */
@ApplicationScoped
@Named("decisionOutbox")
@Unremovable
public class DecisionOutbox implements DecisionListener {

    private static final Logger LOG = Logger.getLogger(DecisionOutbox.class);
    private static final int MOST = 500;
    /** Longer than the producer tries for (route decision-publish): what it has not delivered then never leaves. */
    private static final int LEASE_SECONDS = 15;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final String CLAIM = "decisionClaim";

    private final JdbcTemplate jdbc;
    private final boolean enabled;
    private final Duration keep;
    private final MeterRegistry meters;
    private final Consumer<Runnable> inTransaction;
    private final UUID holder = UUID.randomUUID();
    private int failures;
    private long pausedUntil = System.nanoTime();

    @Inject
    DecisionOutbox(DataSource dataSource, KafkaConfig config, MeterRegistry meters) {
        this(dataSource, config.decisions().topic().isPresent(), config.decisions().keep(), meters,
                work -> QuarkusTransaction.requiringNew().run(work));
    }

    DecisionOutbox(DataSource dataSource, boolean enabled, Duration keep, MeterRegistry meters,
            Consumer<Runnable> inTransaction) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.enabled = enabled;
        this.keep = keep;
        this.meters = meters;
        this.inTransaction = inTransaction;
    }

    /** What is waiting to be published. */
    record Backlog(long decisions, double oldestSeconds) {
    }

    /** What a consumer reads: {@code schema/decision.schema.json}. */
    private record Published(int spec, UUID eventId, int decision, String source, String recordId, String version,
            String requestId, @JsonRawValue String receipt) {
    }

    private record Claim(long epoch, List<UUID> decisionIds) {
    }

    @Override
    public void decided(Collection<UUID> decisionIds) {
        if (enabled) {
            jdbc.update("""
                    insert into decision_outbox (decision_id, event_id, source, record_id)
                    select id, event_id, source, record_id from decision where id = any (?) order by seq""",
                    (Object) decisionIds.toArray(UUID[]::new));
        }
    }

    /**
     * Puts the messages to be published into the body: none when another replica publishes, when nothing waits, or
     * during the pause after a failure.
     */
    public void claim(Exchange exchange) {
        List<Message> messages = new ArrayList<>();
        if (System.nanoTime() - pausedUntil >= 0) {
            inTransaction.accept(() -> lease().ifPresent(epoch -> {
                List<UUID> ids = new ArrayList<>();
                read(exchange, ids, messages);
                exchange.setVariable(CLAIM, new Claim(epoch, ids));
            }));
        }
        exchange.getMessage().setBody(messages);
    }

    private Optional<Long> lease() {
        return jdbc.queryForList("""
                update decision_publisher
                set epoch = case when holder = ? then epoch else epoch + 1 end, holder = ?,
                    lease_until = now() + make_interval(secs => ?)
                where holder = ? or lease_until < now()
                returning epoch""", Long.class, holder, holder, LEASE_SECONDS, holder).stream().findFirst();
    }

    private void read(Exchange exchange, List<UUID> ids, List<Message> messages) {
        jdbc.query("""
                select o.decision_id, d.event_id, d.number, d.source, d.record_id, e.version, e.request_id,
                       d.receipt, d.facts, d.receipt_hash, d.previous_hash
                from decision_outbox o
                join decision d on d.id = o.decision_id
                join lead_event e on e.event_id = d.event_id
                where o.published_at is null and not exists (
                    select 1 from decision_outbox b
                    where b.source = o.source and b.record_id = o.record_id and b.seq < o.seq
                      and b.published_at is null)
                order by o.seq limit ?""", row -> {
                    Published one = new Published(1, row.getObject(2, UUID.class), row.getInt(3), row.getString(4),
                            row.getString(5), row.getString(6), row.getString(7), ReceiptJson.write(ReceiptJson.read(
                                    row.getString(8), row.getString(9), row.getString(10), row.getString(11))));
                    Message message = new DefaultMessage(exchange.getContext());
                    message.setHeader(KafkaConstants.KEY, one.source() + "/" + one.recordId());
                    message.setHeader(RequestIds.HEADER, one.requestId());
                    message.setBody(LeadJson.write(one));
                    ids.add(row.getObject(1, UUID.class));
                    messages.add(message);
                }, MOST);
    }

    /** Marks what the broker has, unless the lease was lost meanwhile: then the new holder publishes it again. */
    public void published(Exchange exchange) {
        CrashPoint.AFTER_PUBLISH.reached();
        Claim claim = exchange.getVariable(CLAIM, Claim.class);
        int marked = jdbc.update("""
                update decision_outbox o set published_at = now()
                from decision_publisher p
                where o.decision_id = any (?) and o.published_at is null and p.holder = ? and p.epoch = ?""",
                claim.decisionIds().toArray(UUID[]::new), holder, claim.epoch());
        failures = 0;
        meters.counter("leadroutes.kafka.published").increment(marked);
        if (marked < claim.decisionIds().size()) {
            LOG.warnf("%d published decision(s) are not marked, as another replica publishes now or they were erased; "
                    + "consumers may see them twice", claim.decisionIds().size() - marked);
        }
    }

    /** Nothing is marked: the same decisions are tried again after a pause that grows. */
    public void failed(Exchange exchange) {
        Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 6));
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        failures++;
        pausedUntil = System.nanoTime() + pause.toNanos();
        LOG.warnf("Decisions wait to be published for %d s: %s, %s", pause.toSeconds(),
                cause.getClass().getSimpleName(), cause.getMessage());
    }

    Optional<Backlog> backlog() {
        try {
            return Optional.of(jdbc.queryForObject("""
                    select count(*), coalesce(extract(epoch from now() - min(queued_at)), 0) from decision_outbox
                    where published_at is null""", (row, number) -> new Backlog(row.getLong(1), row.getDouble(2))));
        } catch (DataAccessException e) {
            return Optional.empty();
        }
    }

    /** Forgets what was published long ago. */
    public void purge() {
        jdbc.update("delete from decision_outbox where published_at < ?", Timestamp.from(Instant.now().minus(keep)));
    }

    /** An orderly stop lets another replica publish at once. */
    @PreDestroy
    void release() {
        if (enabled) {
            try {
                jdbc.update("update decision_publisher set lease_until = now() where holder = ?", holder);
            } catch (DataAccessException e) {
                LOG.debugf("The lease to publish runs out by itself: %s", e.getMessage());
            }
        }
    }
}
