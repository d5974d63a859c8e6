package io.leadroutes.prospect;

import io.leadroutes.lead.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A prospect list keeps the ids of the persons it found. */
@ApplicationScoped
class ProspectPersonalData implements PersonalData {

    private final JdbcTemplate jdbc;

    ProspectPersonalData(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    @Override
    public Set<String> tables() {
        return Set.of("prospect_person");
    }

    @Override
    public List<Held> find(Person person) {
        return jdbc.queryForList("select list from prospect_person where person_id = any (?)", String.class,
                (Object) person.personIdArray()).stream()
                .map(list -> new Held("prospect_person", list, List.of("person_id"))).toList();
    }

    @Override
    @Transactional
    public int erase(Person person, UnaryOperator<String> pseudonym) {
        return jdbc.update("delete from prospect_person where person_id = any (?)", (Object) person.personIdArray());
    }
}
