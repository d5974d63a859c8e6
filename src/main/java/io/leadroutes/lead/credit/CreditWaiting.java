package io.leadroutes.lead.credit;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Leads that wait for credits: they come back when a budget was raised or credits were given back. */
@ApplicationScoped
@Named("creditWaiting")
@Unremovable
public class CreditWaiting {

    private static final int MOST = 1_000;
    private static final String WAITING = "state = 'PARKED' and parked_cause like '" + CreditLedger.CAUSE
            + "%'";

    private final JdbcTemplate jdbc;
    private final CreditLedger ledger;

    public CreditWaiting(DataSource dataSource, CreditLedger ledger) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.ledger = ledger;
    }

    /**
     * Wakes as many leads as there is room for, the most urgent first; while there is none, a look at the budgets is all.
     *
     * @return how many
     */
    @Transactional
    public int wake() {
        long room = Math.min(MOST, ledger.room(WorkKind.LIVE, List.of(CreditLedger.ALL)).get(CreditLedger.ALL));
        if (room <= 0) {
            return 0;
        }
        List<String> sources = jdbc.queryForList("select distinct source from lead_event where " + WAITING, String.class);
        Map<String, Long> left = new HashMap<>(ledger.room(WorkKind.LIVE, sources));
        left.values().removeIf(credits -> credits <= 0);
        if (left.isEmpty()) {
            return 0;
        }
        List<UUID> woken = new ArrayList<>();
        jdbc.query("select event_id, source from lead_event where " + WAITING + """
                 and source = any (?) order by priority, received_at limit ? for update skip locked""", row -> {
                    if (woken.size() < room && left.merge(row.getString(2), -1L, Long::sum) >= 0) {
                        woken.add(row.getObject(1, UUID.class));
                    }
                }, left.keySet().toArray(String[]::new), MOST);
        return jdbc.update("update lead_event set state = 'RECEIVED' where event_id = any (?)",
                (Object) woken.toArray(UUID[]::new));
    }
}
