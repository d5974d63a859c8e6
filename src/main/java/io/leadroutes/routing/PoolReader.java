package io.leadroutes.routing;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads the pools as they stand: who got how many leads, who is owed what, and whether the events explain it. */
@ApplicationScoped
public class PoolReader {

    private final JdbcTemplate jdbc;

    PoolReader(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * A pool that has assigned a lead.
     *
     * @param seq        events so far
     * @param difference where replaying the events first differs from the stored state; empty when it does not
     */
    public record PoolView(String id, long seq, List<MemberView> members, Optional<String> difference) {
    }

    /**
     * @param owed     leads owed, exact
     * @param rounded  leads owed, to two decimals
     * @param assigned leads the pool has given
     */
    public record MemberView(String user, int weight, String owed, BigDecimal rounded, long assigned) {
    }

    public List<PoolView> pools() {
        Map<String, Map<String, Long>> assigned = new LinkedHashMap<>();
        jdbc.query("select pool, user_id, count(*) from pool_event where kind = 'ASSIGN' group by pool, user_id",
                row -> {
                    assigned.computeIfAbsent(row.getString(1), pool -> new LinkedHashMap<>())
                            .put(row.getString(2), row.getLong(3));
                });
        Map<String, List<MemberView>> members = new LinkedHashMap<>();
        Map<String, Long> seqs = new LinkedHashMap<>();
        jdbc.query("""
                select pool, seq, denominator, user_id, weight, numerator
                from pool_state join pool_member_state using (pool) order by pool, user_id""", row -> {
            String pool = row.getString(1);
            Owed owed = new Owed(row.getBigDecimal(6).toBigIntegerExact(), row.getBigDecimal(3).toBigIntegerExact());
            seqs.put(pool, row.getLong(2));
            members.computeIfAbsent(pool, id -> new ArrayList<>()).add(new MemberView(row.getString(4), row.getInt(5),
                    owed.toString(), owed.rounded(), assigned.getOrDefault(pool, Map.of()).getOrDefault(row.getString(4), 0L)));
        });
        return seqs.entrySet().stream().map(pool -> new PoolView(pool.getKey(), pool.getValue(),
                members.get(pool.getKey()), PoolBook.verify(jdbc, pool.getKey()))).toList();
    }
}
