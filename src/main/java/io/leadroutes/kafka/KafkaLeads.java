package io.leadroutes.kafka;

import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.DeadLetters.Cause;
import io.leadroutes.lead.DeadLetters.Stage;
import io.leadroutes.lead.IncomingLead;
import io.leadroutes.lead.InvalidLeadException;
import io.leadroutes.lead.LeadInbox;
import io.leadroutes.lead.LeadIntake;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.Replayable;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.jboss.logging.Logger;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The steps of the route {@code kafka-lead}: the messages of one poll are stored in one transaction, then their offsets
 * are committed. A message that is no lead is a dead letter of the same transaction.
 */
@ApplicationScoped
@Named("kafkaLeads")
@Unremovable
public class KafkaLeads implements Replayable {

    private static final Logger LOG = Logger.getLogger(KafkaLeads.class);
    private static final String ROUTE = "kafka-lead";

    private final LeadInbox inbox;
    private final DeadLetters letters;
    private final JdbcTemplate jdbc;
    private final MeterRegistry meters;
    private final Consumer<Runnable> inTransaction;

    @Inject
    KafkaLeads(LeadInbox inbox, DeadLetters letters, DataSource dataSource, MeterRegistry meters) {
        this(inbox, letters, dataSource, meters, work -> QuarkusTransaction.requiringNew().run(work));
    }

    KafkaLeads(LeadInbox inbox, DeadLetters letters, DataSource dataSource, MeterRegistry meters,
            Consumer<Runnable> inTransaction) {
        this.inbox = inbox;
        this.letters = letters;
        this.jdbc = new JdbcTemplate(dataSource);
        this.meters = meters;
        this.inTransaction = inTransaction;
    }

    /**
     * Stores the messages of one poll, leads and dead letters, in one transaction. When the database refuses one for
     * what is in it, each is stored alone, and that one is a dead letter.
     *
     * @throws RuntimeException when the database cannot be reached; nothing is stored then
     */
    public void store(Exchange batch) {
        List<LeadMessage> messages = records(batch).stream().map(LeadMessage::of).toList();
        try {
            inOneTransaction(messages);
        } catch (DataAccessException e) {
            if (!isAboutTheData(e)) {
                throw e;
            }
            messages.forEach(this::storeAlone);
        }
    }

    private void storeAlone(LeadMessage message) {
        try {
            inOneTransaction(List.of(message));
        } catch (DataAccessException e) {
            if (!isAboutTheData(e)) {
                throw e;
            }
            inTransaction.accept(() -> bury(message, "the database refuses it: " + sqlState(e).orElse("")));
            count("dead-letter", 1);
        }
    }

    private void inOneTransaction(List<LeadMessage> messages) {
        int[] buried = new int[1];
        inTransaction.accept(() -> buried[0] = take(messages));
        count("dead-letter", buried[0]);
        count("taken", messages.size() - buried[0]);
    }

    /** @return how many of them are no leads */
    private int take(List<LeadMessage> messages) {
        List<IncomingLead> leads = new ArrayList<>();
        int buried = 0;
        for (LeadMessage message : messages) {
            Optional<String> problem = Optional.empty();
            try {
                LeadIntake.read(message.value())
                        .forEach(lead -> leads.add(new IncomingLead(lead, message.requestId(), IncomingLead.LIVE)));
            } catch (InvalidLeadException e) {
                problem = Optional.of(e.getMessage());
            } catch (RuntimeException e) {
                // Whatever it is, it must not stop the stream.
                problem = Optional.of("cannot be read, " + e.getClass().getSimpleName());
            }
            if (problem.isPresent()) {
                bury(message, problem.get());
                buried++;
            }
        }
        inbox.accept(leads);
        return buried;
    }

    private void bury(LeadMessage message, String problem) {
        letters.keep(message.id(), message.payload(), new Cause(message.requestId(), false, ROUTE, Stage.KAFKA_INTAKE,
                "INVALID_REQUEST", Optional.empty(), "not a lead: " + problem, 1));
        LOG.warnf("Dead letter for the message %s/%d/%d: %s, X-Request-Id %s", message.topic(), message.partition(),
                message.offset(), problem, message.requestId());
    }

    private void count(String outcome, int messages) {
        meters.counter("leadroutes.kafka.messages", "outcome", outcome).increment(messages);
    }

    /** Tells the group how far each partition is stored. */
    public void commit(Exchange batch) {
        Map<String, KafkaManualCommit> last = new LinkedHashMap<>();
        for (Exchange record : records(batch)) {
            Message message = record.getMessage();
            last.put(message.getHeader(KafkaConstants.TOPIC) + "/" + message.getHeader(KafkaConstants.PARTITION),
                    message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class));
        }
        last.values().forEach(KafkaManualCommit::commit);
    }

    @SuppressWarnings("unchecked")
    private static List<Exchange> records(Exchange batch) {
        return batch.getMessage().getBody(List.class);
    }

    /** Data that cannot be kept (22, 23) or is too large (54): trying again would not help. */
    private static boolean isAboutTheData(DataAccessException e) {
        return sqlState(e).filter(state -> state.startsWith("22") || state.startsWith("23") || state.startsWith("54"))
                .isPresent();
    }

    private static Optional<String> sqlState(DataAccessException e) {
        return Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause).limit(20)
                .filter(SQLException.class::isInstance).map(cause -> ((SQLException) cause).getSQLState())
                .filter(state -> state != null).findFirst();
    }

    @Override
    public Stage stage() {
        return Stage.KAFKA_INTAKE;
    }

    /** Takes the messages of letters in once more; one that is still no lead is a letter again. */
    @Override
    public int replay(Collection<UUID> ids) {
        List<LeadMessage> messages = jdbc.queryForList("""
                select distinct on (event_id) payload::text from dead_letter where event_id = any (?) and stage = ?
                order by event_id, id desc""", String.class, ids.toArray(UUID[]::new), Stage.KAFKA_INTAKE.name())
                .stream().map(LeadJson::object).filter(payload -> payload.containsKey("offset")).map(LeadMessage::of).toList();
        take(messages);
        return messages.size();
    }
}
