package io.leadroutes.zoominfo.bulk;

import io.leadroutes.lead.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Rows of bulk refreshes that are not answered yet, and the filter of a refresh, should it name a person. */
@ApplicationScoped
class BulkPersonalData implements PersonalData {

    /** The person's own rows are erased; the answer to a row that is gone is passed over. */
    private static final String ITEMS = """
            where exists (select 1 from bulk_refresh r where r.id = refresh_id and r.object <> 'Account')
              and (zoominfo_id = any (?) or input_key ~* ?
                   or lower(concat_ws('|', input::jsonb ->> 'firstName', input::jsonb ->> 'lastName',
                                      input::jsonb ->> 'companyName')) = any (?))""";

    private final JdbcTemplate jdbc;

    BulkPersonalData(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    @Override
    public Set<String> tables() {
        return Set.of("bulk_refresh", "bulk_item");
    }

    private static Object[] items(Person person) {
        return new Object[] {person.personIdArray(), person.textPattern(), person.nameArray()};
    }

    @Override
    public List<Held> find(Person person) {
        return Stream.concat(
                jdbc.queryForList("select refresh_id || ' ' || position from bulk_item " + ITEMS, String.class,
                        items(person)).stream().map(key -> new Held("bulk_item", key, List.of("input"))),
                jdbc.queryForList("select id::text from bulk_refresh where soql ~* ?", String.class,
                        person.emailPattern()).stream().map(key -> new Held("bulk_refresh", key, List.of("soql"))))
                .toList();
    }

    @Override
    @Transactional
    public int erase(Person person, UnaryOperator<String> pseudonym) {
        return jdbc.update("delete from bulk_item " + ITEMS, items(person))
                + jdbc.update("update bulk_refresh set soql = '(erased)' where soql ~* ?", person.emailPattern());
    }
}
