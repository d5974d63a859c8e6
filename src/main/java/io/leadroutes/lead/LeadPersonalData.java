package io.leadroutes.lead;

import io.leadroutes.lead.credit.Identity;
import io.leadroutes.lead.credit.Redeemed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Personal data in the inbox, its dead letters and idempotency keys, and among the persons under management. */
@ApplicationScoped
class LeadPersonalData implements PersonalData {

    private static final String LAST_DIGITS = "right(regexp_replace(coalesce(%s, ''), '\\D', '', 'g'), 10)";
    private static final String EVENTS = """
            where event_id = any (?) or person_id = any (?) or lead::text ~* ? or coalesce(enrichment::text, '') ~* ?
               or %s = any (?) or %s = any (?) or %s = any (?)
               or lower(concat_ws('|', lead ->> 'firstName', lead ->> 'lastName', lead ->> 'company')) = any (?)"""
            .formatted(LAST_DIGITS.formatted("lead ->> 'phone'"), LAST_DIGITS.formatted("enrichment ->> 'phone'"),
                    LAST_DIGITS.formatted("enrichment ->> 'mobilePhone'"));
    private static final String LETTERS = """
            where event_id = any (?) or payload::text ~* ? or message ~* ?
               or %s = any (?)
               or lower(concat_ws('|', payload ->> 'firstName', payload ->> 'lastName', payload ->> 'company')) = any (?)"""
            .formatted(LAST_DIGITS.formatted("payload ->> 'phone'"));
    private static final Set<String> KEYS = Set.of("source", "recordId", "version");

    private final JdbcTemplate jdbc;
    private final Redeemed redeemed;

    LeadPersonalData(DataSource dataSource, Redeemed redeemed) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.redeemed = redeemed;
    }

    @Override
    public Set<String> tables() {
        return Set.of("lead_event", "dead_letter", "intake_key", "redeemed_person", "redeemed_alias");
    }

    private static Object[] events(Person person) {
        return new Object[] {person.idArray(), person.personIdArray(), person.emailPattern(), person.emailPattern(),
            person.phoneArray(), person.phoneArray(), person.phoneArray(), person.nameArray()};
    }

    private static Object[] letters(Person person) {
        return new Object[] {person.idArray(), person.textPattern(), person.textPattern(), person.phoneArray(),
            person.nameArray()};
    }

    @Override
    public Person known(Person person) {
        Set<String> personIds = new HashSet<>();
        Set<String> emails = new HashSet<>();
        Set<UUID> ids = new HashSet<>();
        Set<SourceRecord> records = new HashSet<>();
        jdbc.queryForList("select event_id, source, record_id, person_id, lead ->> 'email' as email, "
                + "enrichment ->> 'email' as found from lead_event " + EVENTS, events(person)).forEach(row -> {
                    ids.add((UUID) row.get("event_id"));
                    records.add(new SourceRecord((String) row.get("source"), (String) row.get("record_id")));
                    Optional.ofNullable((String) row.get("person_id")).ifPresent(personIds::add);
                    Stream.of("email", "found").map(row::get).filter(String.class::isInstance)
                            .forEach(email -> emails.add((String) email));
                });
        personIds.addAll(redeemed.personsOf(identities(person)));
        return person.and(personIds, emails, ids, records);
    }

    /** The person as the store of those who were paid for knows people. */
    private static List<Identity> identities(Person person) {
        return Stream.concat(person.emails().stream().map(email -> Identity.ofLead(Map.of("email", email))),
                person.names().stream().map(name -> name.split("\\|", 3)).filter(parts -> parts.length == 3)
                        .map(parts -> Identity.ofLead(Map.of("firstName", parts[0], "lastName", parts[1], "company",
                                parts[2])))).toList();
    }

    @Override
    public List<Held> find(Person person) {
        List<Held> held = new ArrayList<>();
        jdbc.queryForList("select event_id, lead, enrichment, writes from lead_event " + EVENTS
                + " order by received_at", events(person)).forEach(row -> {
                    held.add(new Held("lead_event", row.get("event_id").toString(), fields(row)));
                    LeadJson.array(row.get("writes")).forEach(write -> held.add(written((Map<?, ?>) write)));
                });
        jdbc.queryForList("select id, payload from dead_letter " + LETTERS + " order by id", letters(person))
                .forEach(row -> held.add(new Held("dead_letter", row.get("id").toString(),
                        List.copyOf(LeadJson.object(row.get("payload")).keySet()))));
        jdbc.queryForList("select idempotency_key from intake_key where " + keys(), String.class, person.emailPattern(),
                texts(person)).forEach(key -> held.add(new Held("intake_key", key, List.of("idempotency_key"))));
        jdbc.queryForList("select person_id from redeemed_person where person_id = any (?)", String.class,
                (Object) person.personIdArray())
                .forEach(id -> held.add(new Held("redeemed_person", id, List.of("person_id"))));
        int aliases = redeemed.aliases(person.personIds(), identities(person));
        if (aliases > 0) {
            held.add(new Held("redeemed_alias", aliases + " keyed hashes", List.of("hash")));
        }
        return held;
    }

    private static List<String> fields(Map<String, Object> row) {
        return Stream.concat(
                LeadJson.object(row.get("lead")).keySet().stream().filter(name -> !KEYS.contains(name))
                        .map(name -> "lead." + name),
                LeadJson.object(row.get("enrichment")).keySet().stream().map(name -> "enrichment." + name)).toList();
    }

    /** What the CRM got: it is not ours to erase there, but the request covers it, too. */
    private static Held written(Map<?, ?> write) {
        return new Held(String.valueOf(write.get("system")), String.valueOf(write.get("recordId")),
                write.get("fields") instanceof List<?> fields ? fields.stream().map(Object::toString).toList() : List.of());
    }

    private static String keys() {
        return "idempotency_key ~* ? or event_ids ??| ?::text[]";
    }

    private static String[] texts(Person person) {
        return person.ids().stream().map(UUID::toString).toArray(String[]::new);
    }

    @Override
    @Transactional
    public int erase(Person person, UnaryOperator<String> pseudonym) {
        int erased = 0;
        for (Map<String, Object> row : jdbc.queryForList("select event_id, source, record_id from lead_event " + EVENTS
                + " order by event_id for update", events(person))) {
            String recordId = pseudonym.apply(row.get("source") + ":" + row.get("record_id"));
            // The version may be a digest of the lead's fields. Work under way finds the lead ended and stores nothing.
            erased += jdbc.update("""
                    update lead_event
                    set record_id = ?, version = event_id::text, enrichment = null, person_id = null, company_id = null,
                        match_status = 'ERASED', parked_cause = null, lease_until = null,
                        lead = jsonb_build_object('source', source, 'recordId', ?::text, 'version', event_id::text),
                        state = 'DONE', ended_at = coalesce(ended_at, now()),
                        writes = coalesce((select jsonb_agg(w - 'recordId') from jsonb_array_elements(writes) w), '[]'),
                        timeline = coalesce((select jsonb_agg(t - 'detail') from jsonb_array_elements(timeline) t), '[]')
                                   || jsonb_build_object('at', now(), 'stage', 'erase', 'detail', 'personal data erased')
                    where event_id = ?""", recordId, recordId, row.get("event_id"));
        }
        erased += jdbc.update("""
                update dead_letter
                set payload = '{"erased": true}', message = 'erased', closed_at = coalesce(closed_at, now()),
                    state = case state when 'OPEN' then 'DISCARDED' else state end,
                    closed_reason = case state when 'OPEN' then 'personal data erased' else 'erased' end
                """ + LETTERS, letters(person));
        erased += jdbc.update("delete from intake_key where " + keys(), person.emailPattern(), texts(person));
        for (String id : person.personIds()) {
            erased += jdbc.update("update redeemed_person set person_id = ?, answer_event = null where person_id = ?",
                    "erased:" + pseudonym.apply("person " + id), id);
        }
        return erased + redeemed.forget(person.personIds(), identities(person));
    }
}
