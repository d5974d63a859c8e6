package io.leadroutes.webhook;

import io.leadroutes.lead.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Deliveries keep nothing of their records; a record whose values are still to be fetched names its person. */
@ApplicationScoped
class WebhookPersonalData implements PersonalData {

    private static final String WHERE = " where object_type = 'CONTACT' and zoominfo_id = any (?)";

    private final JdbcTemplate jdbc;

    WebhookPersonalData(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    @Override
    public Set<String> tables() {
        return Set.of("webhook_fetch", "webhook_delivery");
    }

    @Override
    public Person known(Person person) {
        return person.and(List.of(), List.of(), jdbc.queryForList("select id from webhook_fetch" + WHERE, UUID.class,
                (Object) person.personIdArray()), List.of());
    }

    @Override
    public List<Held> find(Person person) {
        return jdbc.queryForList("select id::text from webhook_fetch" + WHERE, String.class,
                (Object) person.personIdArray()).stream()
                .map(id -> new Held("webhook_fetch", id, List.of("zoominfo_id"))).toList();
    }

    @Override
    @Transactional
    public int erase(Person person, UnaryOperator<String> pseudonym) {
        return jdbc.update("delete from webhook_fetch" + WHERE, (Object) person.personIdArray());
    }
}
