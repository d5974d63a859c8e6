package io.leadroutes.lead;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The credits we have counted: what was settled by source, and what calls in flight may still cost. */
@ApplicationScoped
public class CreditLedger {

    /** How long ZoomInfo counts a record as under management: a repeat within it costs no credit. */
    private static final String UNDER_MANAGEMENT = "12 months";

    private final JdbcTemplate jdbc;

    CreditLedger(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * @param settled         credits paid
     * @param reserved        most that the calls in flight can cost: one a lead
     * @param settledBySource credits paid, by source system
     * @param persons         persons under management
     */
    public record Ledger(long settled, long reserved, Map<String, Long> settledBySource, long persons) {
    }

    /** Those of the persons for whom a record costs nothing: paid for within twelve months. */
    public Set<String> underManagement(Collection<String> personIds) {
        return Set.copyOf(jdbc.queryForList("""
                select person_id from redeemed_person
                where person_id = any (?) and redeemed_at >= now() - interval '%s'""".formatted(UNDER_MANAGEMENT),
                String.class, (Object) personIds.toArray(String[]::new)));
    }

    /**
     * Counts one credit for each person who is new to the account; part of the caller's transaction.
     *
     * @return those who cost a credit
     */
    @Transactional
    public Set<String> redeem(Collection<String> personIds) {
        return redeem("redeemed_person", "person_id", personIds);
    }

    /** As {@link #redeem(Collection)}, for companies. */
    @Transactional
    public Set<String> redeemCompanies(Collection<String> companyIds) {
        return redeem("redeemed_company", "company_id", companyIds);
    }

    /** Rows are taken in one order, so that two of these never wait for each other. */
    private Set<String> redeem(String table, String column, Collection<String> ids) {
        return ids.isEmpty() ? Set.of() : Set.copyOf(jdbc.queryForList("""
                insert into %1$s (%2$s) select distinct id from unnest(?::text[]) as v (id) order by id
                on conflict (%2$s) do update set redeemed_at = now()
                where %1$s.redeemed_at < now() - interval '%3$s'
                returning %2$s""".formatted(table, column, UNDER_MANAGEMENT), String.class,
                (Object) ids.toArray(String[]::new)));
    }

    public Ledger read() {
        Map<String, Long> bySource = new LinkedHashMap<>();
        jdbc.query("""
                select source, sum(credits) from (
                    select source, credits from lead_event where credits > 0
                    union all select 'bulk', credits from bulk_refresh where credits > 0) as paid
                group by source order by source""",
                row -> {
                    bySource.put(row.getString(1), row.getLong(2));
                });
        long reserved = jdbc.queryForObject("select count(*) from lead_event where state = 'ENRICHING'", Long.class);
        long persons = jdbc.queryForObject("select count(*) from redeemed_person", Long.class);
        return new Ledger(bySource.values().stream().mapToLong(Long::longValue).sum(), reserved, bySource, persons);
    }
}
