package io.leadroutes.crm;

import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the queue of CRM updates and the history of written fields hold of a person. */
@ApplicationScoped
class CrmPersonalData implements PersonalData {

    private static final String UPDATES = """
            where (kind in ('PERSON', 'NEW_LEAD', 'OPT_OUT') and zoominfo_id = any (?)) or id = any (?)
               or profile::text ~* ? or fields::text ~* ? or key ~* ?""";

    private final JdbcTemplate jdbc;

    CrmPersonalData(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    @Override
    public Set<String> tables() {
        return Set.of("crm_update", "field_written");
    }

    private static Object[] values(Person person) {
        return new Object[] {person.personIdArray(), person.idArray(), person.emailPattern(), person.emailPattern(),
            person.emailPattern()};
    }

    @Override
    public Person known(Person person) {
        List<Map<String, Object>> rows = jdbc.queryForList("select id, kind, zoominfo_id from crm_update " + UPDATES,
                values(person));
        return person.and(rows.stream().filter(row -> !Set.of("COMPANY", "SIGNAL").contains(row.get("kind")))
                .map(row -> (String) row.get("zoominfo_id")).toList(), List.of(),
                rows.stream().map(row -> (UUID) row.get("id")).toList(), List.of());
    }

    @Override
    public List<Held> find(Person person) {
        List<Held> held = new ArrayList<>();
        jdbc.queryForList("select id, profile, fields, outcome from crm_update " + UPDATES + " order by seq",
                values(person)).forEach(row -> {
                    held.add(new Held("crm_update", row.get("id").toString(),
                            Stream.concat(LeadJson.object(row.get("profile")).keySet().stream().map(f -> "profile." + f),
                                    LeadJson.object(row.get("fields")).keySet().stream().map(f -> "fields." + f)).toList()));
                    if (LeadJson.object(row.get("outcome")).get("records") instanceof List<?> records) {
                        records.stream().map(Map.class::cast).forEach(record -> held.add(new Held("salesforce",
                                record.get("object") + " " + record.get("recordId"),
                                record.get("fields") instanceof List<?> fields
                                        ? fields.stream().map(Object::toString).toList() : List.of())));
                    }
                });
        jdbc.queryForList("select object, record_id, fields from field_written where zoominfo_id = any (?)",
                (Object) person.personIdArray()).forEach(row -> held.add(new Held("field_written",
                        row.get("object") + " " + row.get("record_id"),
                        List.copyOf(LeadJson.object(row.get("fields")).keySet()))));
        return held;
    }

    @Override
    @Transactional
    public int erase(Person person, UnaryOperator<String> pseudonym) {
        return jdbc.update("delete from crm_update " + UPDATES, values(person))
                + jdbc.update("delete from field_written where zoominfo_id = any (?)", (Object) person.personIdArray());
    }
}
