package io.leadroutes.compliance;

import io.leadroutes.lead.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Notices by person id, and the suppressions, which stay: they hold keyed hashes and keep the person out. */
@ApplicationScoped
class NoticePersonalData implements PersonalData {

    private final JdbcTemplate jdbc;
    private final Suppressions suppressions;

    NoticePersonalData(DataSource dataSource, Suppressions suppressions) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.suppressions = suppressions;
    }

    @Override
    public Set<String> tables() {
        return Set.of("person_notice", "suppression", "erasure");
    }

    @Override
    public List<Held> find(Person person) {
        List<Held> held = new ArrayList<>();
        jdbc.queryForList("""
                select person_id, within_eu, within_california, within_canada, notice, last_checked from person_notice
                where person_id = any (?)""", (Object) person.personIdArray()).forEach(row -> held.add(
                        new Held("person_notice", (String) row.get("person_id"), row.entrySet().stream()
                                .filter(column -> column.getValue() != null).map(Map.Entry::getKey).toList())));
        Stream.of(person.personIds().stream().map(Suppressions.Identity::ofPerson),
                person.emails().stream().map(email -> new Suppressions.Identity(Optional.empty(), Optional.of(email),
                        Optional.empty())),
                person.phones().stream().map(phone -> new Suppressions.Identity(Optional.empty(), Optional.empty(),
                        Optional.of(phone)))).flatMap(identities -> identities).forEach(identity ->
                        suppressions.entry(identity).ifPresent(entry -> held.add(
                                new Held("suppression", entry, List.of("keyed hash, source, reason, time")))));
        return held;
    }

    @Override
    @Transactional
    public int erase(Person person, UnaryOperator<String> pseudonym) {
        return jdbc.update("delete from person_notice where person_id = any (?)", (Object) person.personIdArray());
    }
}
