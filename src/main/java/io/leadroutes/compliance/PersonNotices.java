package io.leadroutes.compliance;

import io.leadroutes.lead.LeadJson;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What ZoomInfo last said about the rights of each person that we know, and when. */
@ApplicationScoped
class PersonNotices {

    /** ZoomInfo writes months first (zoominfo-api.md §6.2). */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("M/d/uuuu", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private final JdbcTemplate jdbc;

    PersonNotices(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * One answer of ZoomInfo on a person.
     *
     * @param notice     the date or the words of {@code noticeProvidedDate}
     * @param noticeDate empty when those words are not a date
     */
    record Notice(String personId, String matchStatus, Optional<Boolean> withinEu, Optional<Boolean> withinCalifornia,
            Optional<Boolean> withinCanada, Optional<String> notice, Optional<LocalDate> noticeDate) {

        static Notice of(String personId, String matchStatus, Map<String, ?> record) {
            Optional<String> notice = Optional.ofNullable(record.get("noticeProvidedDate")).map(Object::toString)
                    .map(String::strip).filter(text -> !text.isEmpty());
            return new Notice(personId, matchStatus, flag(record, "withinEu"), flag(record, "withinCalifornia"),
                    flag(record, "withinCanada"), notice, notice.flatMap(Notice::date));
        }

        private static Optional<Boolean> flag(Map<String, ?> record, String name) {
            return Optional.ofNullable(record.get(name)).map(Object::toString).map(String::strip)
                    .filter(text -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))
                    .map(Boolean::valueOf);
        }

        private static Optional<LocalDate> date(String text) {
            try {
                return Optional.of(LocalDate.parse(text, text.contains("/") ? DATE : DateTimeFormatter.ISO_LOCAL_DATE));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }
    }

    /** Those of the persons of whom nothing has been heard for {@code maxAge}, or ever. */
    List<String> due(Collection<String> personIds, Duration maxAge) {
        return jdbc.queryForList("""
                select v.person_id from (select distinct unnest(?::text[]) as person_id) v
                left join person_notice n using (person_id)
                where n.last_checked is null or n.last_checked <= now() - make_interval(secs => ?)
                order by v.person_id""", String.class, personIds.toArray(String[]::new), maxAge.toMillis() / 1000.0);
    }

    /**
     * Keeps the answers; a flag or notice that an answer leaves out stays as it is known.
     *
     * @return the persons whose flags or notice date are other than they were known
     */
    @Transactional
    Set<String> note(Collection<Notice> notices) {
        if (notices.isEmpty()) {
            return Set.of();
        }
        String rows = LeadJson.write(notices.stream().map(PersonNotices::row).toList());
        return Set.copyOf(jdbc.queryForList("""
                with said as (
                    select distinct on (person_id) * from jsonb_to_recordset(?::jsonb)
                        as v (person_id text, match_status text, within_eu boolean, within_california boolean,
                              within_canada boolean, notice text, notice_date date)
                    order by person_id
                ), before as (
                    select n.* from person_notice n join said using (person_id) order by person_id for update of n
                ), kept as (
                    insert into person_notice as n (person_id, match_status, within_eu, within_california, within_canada,
                                                    notice, notice_date)
                    select s.person_id, s.match_status, s.within_eu, s.within_california, s.within_canada, s.notice,
                           s.notice_date
                    from said s left join before b using (person_id) order by s.person_id
                    on conflict (person_id) do update
                    set match_status = excluded.match_status, last_checked = now(),
                        within_eu = coalesce(excluded.within_eu, n.within_eu),
                        within_california = coalesce(excluded.within_california, n.within_california),
                        within_canada = coalesce(excluded.within_canada, n.within_canada),
                        notice = coalesce(excluded.notice, n.notice),
                        notice_date = case when excluded.notice is null then n.notice_date
                                      else excluded.notice_date end
                    returning n.*
                ), changed as (
                    select k.person_id from kept k left join before b using (person_id)
                    where (coalesce(k.within_eu, false), coalesce(k.within_california, false),
                           coalesce(k.within_canada, false), k.notice_date)
                          is distinct from (coalesce(b.within_eu, false), coalesce(b.within_california, false),
                           coalesce(b.within_canada, false), b.notice_date)
                )
                select person_id from changed""", String.class, rows));
    }

    private static Map<String, Object> row(Notice notice) {
        Map<String, Object> row = new java.util.LinkedHashMap<>();
        row.put("person_id", notice.personId());
        row.put("match_status", notice.matchStatus());
        row.put("within_eu", notice.withinEu().orElse(null));
        row.put("within_california", notice.withinCalifornia().orElse(null));
        row.put("within_canada", notice.withinCanada().orElse(null));
        row.put("notice", notice.notice().orElse(null));
        row.put("notice_date", notice.noticeDate().map(LocalDate::toString).orElse(null));
        return row;
    }
}
