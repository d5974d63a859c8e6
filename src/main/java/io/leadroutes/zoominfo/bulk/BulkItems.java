package io.leadroutes.zoominfo.bulk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Stores the rows of a refresh, some thousand at a time. */
final class BulkItems {

    private final JdbcTemplate jdbc;

    BulkItems(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Adds rows at the positions from {@code first} on, one each, usable or not; a row that says the same as an earlier
     * one is counted and left out.
     */
    void add(UUID refresh, RefreshObject object, long first, List<Map<String, String>> rows) {
        List<RefreshRow> usable = new ArrayList<>(rows.size());
        List<Long> positions = new ArrayList<>(rows.size());
        Map<String, Integer> seen = new LinkedHashMap<>();
        int unusable = 0;
        int repeated = 0;
        for (int i = 0; i < rows.size(); i++) {
            var row = RefreshRow.of(object.entity(), rows.get(i));
            if (row.isEmpty()) {
                unusable++;
            } else if (seen.putIfAbsent(row.get().inputKey(), i) != null) {
                repeated++;
            } else {
                usable.add(row.get());
                positions.add(first + i);
            }
        }
        int stored = usable.isEmpty() ? 0 : jdbc.update("""
                insert into bulk_item (refresh_id, position, record_id, matched_by, zoominfo_id, input, input_key)
                select ?, v.* from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) as v
                on conflict do nothing""", refresh, positions.toArray(Long[]::new),
                usable.stream().map(row -> row.recordId().orElse(null)).toArray(String[]::new),
                usable.stream().map(RefreshRow::matchedBy).toArray(String[]::new),
                usable.stream().map(row -> row.zoominfoId().orElse(null)).toArray(String[]::new),
                usable.stream().map(RefreshRow::inputJson).toArray(String[]::new),
                usable.stream().map(RefreshRow::inputKey).toArray(String[]::new));
        jdbc.update("""
                update bulk_refresh set records_read = records_read + ?, unusable = unusable + ?, repeated = repeated + ?,
                    items = items + ? where id = ?""", rows.size(), unusable, repeated + usable.size() - stored, stored,
                refresh);
    }
}
