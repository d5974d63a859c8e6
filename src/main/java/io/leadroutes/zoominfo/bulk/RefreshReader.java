package io.leadroutes.zoominfo.bulk;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads how far refreshes are. */
final class RefreshReader {

    /** Over how many seconds the rate is measured. */
    private static final int RATE_SECONDS = 60;
    private static final String SELECT = """
            select r.*, floor(r.quoted * (1 + r.margin)) as most, coalesce(j.waiting, 0) as jobs_waiting,
                   coalesce(j.active, 0) as jobs_active, coalesce(j.done, 0) as jobs_done, coalesce(j.lost, 0) as jobs_lost,
                   coalesce(j.doubt, 0) as jobs_doubt, coalesce(p.fetched, 0) as pages_fetched,
                   coalesce(p.available, 0) as pages_available, coalesce(p.lately, 0) as lately,
                   extract(epoch from now() - greatest(r.started_at, now() - interval '%1$d seconds')) as seconds
            from bulk_refresh r
            left join lateral (
                select count(*) filter (where state = 'WAITING') as waiting, count(*) filter (where state = 'ACTIVE') as active,
                       count(*) filter (where state = 'DONE') as done, count(*) filter (where state = 'LOST') as lost,
                       count(*) filter (where state in ('DOUBT', 'SUBMITTING')) as doubt
                from bulk_job where refresh_id = r.id and kind = 'ENRICH') j on true
            left join lateral (
                select count(*) filter (where g.state = 'FETCHED') as fetched,
                       count(*) filter (where g.state = 'AVAILABLE') as available,
                       sum(g.records) filter (where g.fetched_at > now() - interval '%1$d seconds') as lately
                from bulk_page g join bulk_job h on h.id = g.job where h.refresh_id = r.id) p on true
            """.formatted(RATE_SECONDS);

    private final JdbcTemplate jdbc;

    RefreshReader(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    List<Refresh> list(int most) {
        return jdbc.query(SELECT + "order by r.created_at desc, r.id limit ?", (row, n) -> refresh(row), most);
    }

    Optional<Refresh> find(UUID id) {
        return jdbc.query(SELECT + "where r.id = ?", (row, n) -> refresh(row), id).stream().findFirst();
    }

    List<Refresh> running(UUID owner) {
        return jdbc.query(SELECT + "where r.lease_owner = ? and r.state in ('LOADING', 'QUOTING', 'RUNNING') "
                + "order by r.created_at", (row, n) -> refresh(row), owner);
    }

    private static Refresh refresh(ResultSet row) throws SQLException {
        long items = row.getLong("items");
        long done = row.getLong("done");
        boolean running = row.getString("state").equals("RUNNING");
        double seconds = Math.max(1, row.getDouble("seconds"));
        double rate = running ? row.getLong("lately") / seconds : 0;
        long left = Math.max(0, items - done);
        BigDecimal margin = row.getBigDecimal("margin").stripTrailingZeros();
        return new Refresh(row.getObject("id", UUID.class), row.getString("object"), row.getString("source"),
                row.getString("state"), Optional.ofNullable(row.getString("cause")),
                row.getTimestamp("created_at").toInstant(), instant(row, "quoted_at"), instant(row, "started_at"),
                instant(row, "ended_at"),
                new Refresh.Records(row.getLong("records_read"), row.getLong("unusable"), row.getLong("repeated"), items),
                new Refresh.Progress(done, left, row.getLong("matched"), row.getLong("unmatched"), row.getLong("unanswered"),
                        row.getLong("refused"), row.getLong("updates"), Math.round(rate * 10) / 10.0,
                        rate > 0 ? Optional.of(Math.round(left / rate)) : Optional.empty()),
                new Refresh.Credits(row.getLong("credits"), row.getLong("quoted"), margin.toPlainString(), row.getLong("most")),
                new Refresh.Quote(row.getLong("managed"), row.getLong("previewed"),
                        items - row.getLong("managed") - row.getLong("previewed")),
                new Refresh.Jobs(row.getLong("jobs_waiting"), row.getLong("jobs_active"), row.getLong("jobs_done"),
                        row.getLong("jobs_lost"), row.getLong("jobs_doubt")),
                new Refresh.Pages(row.getLong("pages_fetched"), row.getLong("pages_available")));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
