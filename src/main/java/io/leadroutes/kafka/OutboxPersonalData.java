package io.leadroutes.kafka;

import io.leadroutes.lead.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The outbox names records of persons; erased, a decision that still waits there is never published. */
@ApplicationScoped
class OutboxPersonalData implements PersonalData {

    private static final String WHERE =
            " where event_id = any (?) or (source, record_id) in (select * from unnest(?::text[], ?::text[]))";

    private final JdbcTemplate jdbc;

    OutboxPersonalData(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    @Override
    public Set<String> tables() {
        return Set.of("decision_outbox");
    }

    private static Object[] values(Person person) {
        return new Object[] {person.idArray(),
            person.records().stream().map(SourceRecord::source).toArray(String[]::new),
            person.records().stream().map(SourceRecord::recordId).toArray(String[]::new)};
    }

    @Override
    public List<Held> find(Person person) {
        return jdbc.queryForList("select decision_id::text from decision_outbox" + WHERE + " order by seq",
                String.class, values(person)).stream().map(id -> new Held("decision_outbox", id, List.of("record_id"))).toList();
    }

    @Override
    @Transactional
    public int erase(Person person, UnaryOperator<String> pseudonym) {
        return jdbc.update("delete from decision_outbox" + WHERE, values(person));
    }
}
