package io.leadroutes.lead;

import io.leadroutes.TestDatabase;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Databases full of dead letters: 40 causes, one letter in eleven closed, leads of a usual size as payload. */
public final class DeadLetterData {

    static final int CAUSES = 40;

    private DeadLetterData() {
    }

    /** A database with so many letters, each of its own lead. */
    public static DataSource fresh(int count) {
        DataSource database = TestDatabase.fresh();
        JdbcTemplate jdbc = new JdbcTemplate(database);
        jdbc.update("""
                insert into dead_letter (request_id, request_id_kind, event_id, route_id, stage, failure_class, status,
                                         message, attempts, payload, first_seen, last_seen, state)
                select 'request-' || n, 'SENT', gen_random_uuid(), 'route-' || n % 8,
                       (array['ENRICH', 'DECIDE', 'WRITE_BACK', 'CRM_UPDATE'])[n % 4 + 1],
                       (array['INVALID_REQUEST', 'TRANSIENT', 'PROTOCOL', 'SERVER_ERROR'])[n % 4 + 1], 400,
                       'refused field' || chr(97 + n % 40 / 20) || ' of kind ' || chr(97 + n % 20) || ' in record 00QSb' || n
                           || 'MAA', 1,
                       jsonb_build_object('source', 'salesforce', 'recordId', '00QSb' || n, 'lastName', 'Lovelace',
                           'email', 'ada' || n || '@acme.example', 'attributes', jsonb_build_object('notes', repeat('x', 500))),
                       now() - make_interval(secs => ? - n), now() - make_interval(secs => ? - n),
                       case when n % 11 = 0 then 'DISCARDED' else 'OPEN' end
                from generate_series(1, ?) n""", count, count, count);
        jdbc.execute("vacuum analyze dead_letter");
        return database;
    }
}
