package io.leadroutes.decision;

import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.PersonalData;
import io.leadroutes.receipt.ReceiptJson;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What decisions hold of a person: the facts, and words made of them. Erased, a receipt keeps its hash and its place in
 * the chain, but says no more than who got the lead, when and under which rules; it is marked, so that verification
 * tells an erased receipt from a forged one.
 */
@ApplicationScoped
class DecisionPersonalData implements PersonalData {

    private static final String WHERE = """
            where event_id = any (?)
               or (source, record_id) in (select * from unnest(?::text[], ?::text[]))""";

    private final JdbcTemplate jdbc;

    DecisionPersonalData(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    @Override
    public Set<String> tables() {
        return Set.of("decision", "assignment");
    }

    private static Object[] values(Person person) {
        return new Object[] {person.idArray(),
            person.records().stream().map(SourceRecord::source).toArray(String[]::new),
            person.records().stream().map(SourceRecord::recordId).toArray(String[]::new)};
    }

    @Override
    public List<Held> find(Person person) {
        List<Held> held = new ArrayList<>();
        jdbc.queryForList("select id, facts from decision " + WHERE + " order by seq", values(person)).forEach(row ->
                held.add(new Held("decision", row.get("id").toString(), LeadJson.object(row.get("facts")).entrySet()
                        .stream().filter(fact -> fact.getValue() != null).map(Map.Entry::getKey).toList())));
        jdbc.queryForList("select id from assignment " + WHERE + " order by at", values(person)).forEach(row ->
                held.add(new Held("assignment", row.get("id").toString(), List.of("record_id"))));
        return held;
    }

    @Override
    @Transactional
    public int erase(Person person, UnaryOperator<String> pseudonym) {
        int erased = 0;
        for (Map<String, Object> row : jdbc.queryForList("select id, source, record_id, receipt from decision " + WHERE
                + " order by seq for update", values(person))) {
            erased += jdbc.update("""
                    update decision
                    set facts = '{}', receipt = ?::jsonb, record_id = ?, erased_at = coalesce(erased_at, now())
                    where id = ?""", ReceiptJson.erased(row.get("receipt").toString()),
                    pseudonym.apply(row.get("source") + ":" + row.get("record_id")), row.get("id"));
        }
        for (Map<String, Object> row : jdbc.queryForList("select id, source, record_id from assignment " + WHERE
                + " for update", values(person))) {
            erased += jdbc.update("update assignment set record_id = ? where id = ?",
                    pseudonym.apply(row.get("source") + ":" + row.get("record_id")), row.get("id"));
        }
        return erased;
    }
}
