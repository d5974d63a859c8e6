package io.leadroutes.zoominfo.bulk;

import io.leadroutes.lead.LeadJson;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads the records of a query from Salesforce, 2,000 at a time, each lot in one transaction with the place to go on from. */
@ApplicationScoped
@Named("bulkLoading")
@Unremovable
public class BulkLoading {

    /** Answers by which Salesforce says that the request itself is wrong, or its place unknown. */
    private static final Set<Integer> REFUSED = Set.of(400, 404);
    private static final Pattern CURSOR = Pattern.compile("/services/data/v\\d{1,3}\\.\\d/query/[A-Za-z0-9-]{1,100}");

    private final JdbcTemplate jdbc;
    private final BulkWork work;
    private final BulkItems items;

    BulkLoading(DataSource dataSource, BulkWork work) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.work = work;
        this.items = new BulkItems(jdbc);
    }

    /** The query, or where it goes on, in the body; the variable {@code cursor} tells which. */
    public void next(Exchange exchange, @Variable("work") Work mine) {
        Map<String, Object> row = jdbc.queryForMap("select soql, coalesce(load_cursor, '') as cursor from bulk_refresh "
                + "where id = ?", mine.id());
        String cursor = row.get("cursor").toString();
        exchange.setVariable("cursor", cursor);
        exchange.getMessage().setBody(cursor.isEmpty() ? row.get("soql").toString() : cursor);
    }

    /**
     * Stores the records of an answer.
     *
     * @return whether there are more
     */
    @Transactional
    public boolean store(@Body String answer, @Variable("work") Work mine) {
        work.hold(mine);
        Map<String, Object> page = LeadJson.object(answer);
        List<Map<String, String>> rows = page.get("records") instanceof List<?> records
                ? records.stream().map(record -> row(mine.object(), (Map<?, ?>) record)).toList() : List.of();
        long read = jdbc.queryForObject("select records_read from bulk_refresh where id = ?", Long.class, mine.id());
        items.add(mine.id(), mine.object(), read + 1, rows);
        boolean more = Boolean.FALSE.equals(page.get("done")) && page.get("nextRecordsUrl") != null;
        if (more && !CURSOR.matcher(page.get("nextRecordsUrl").toString()).matches()) {
            throw new IllegalStateException("Salesforce's nextRecordsUrl does not look like one");
        }
        jdbc.update("""
                update bulk_refresh set load_cursor = ?, cause = null,
                    state = case when ? then 'LOADING' when items = 0 then 'FAILED' else 'QUOTING' end,
                    ended_at = case when not ? and items = 0 then now() end
                where id = ?""", more ? page.get("nextRecordsUrl").toString() : null, more, more, mine.id());
        jdbc.update("update bulk_refresh set cause = 'The query found no record that ZoomInfo could be asked for.' "
                + "where id = ? and state = 'FAILED'", mine.id());
        return more;
    }

    /** A query that Salesforce refuses ends the refresh; a place that it has forgotten starts the reading anew. */
    @Transactional
    public void refused(@Variable("work") Work mine, @Variable("cursor") String cursor, @ExchangeException Exception failure) {
        if (!(failure instanceof SalesforceException salesforce) || !REFUSED.contains(salesforce.getStatusCode())) {
            work.rest(mine, failure);
        } else if (cursor.isEmpty()) {
            jdbc.update("update bulk_refresh set state = 'FAILED', ended_at = now(), cause = ? where id = ? and fence = ?",
                    "Salesforce refuses the query: " + errors(salesforce), mine.id(), mine.fence());
        } else {
            // Rows that were read before are known by what they say and not stored twice.
            jdbc.update("update bulk_refresh set load_cursor = null where id = ? and fence = ?", mine.id(), mine.fence());
        }
    }

    private static String errors(SalesforceException failure) {
        String text = failure.getErrors() == null || failure.getErrors().isEmpty() ? failure.getMessage()
                : failure.getErrors().stream().map(error -> error.getErrorCode() + ", " + error.getMessage())
                        .reduce((one, two) -> one + "; " + two).orElseThrow();
        return text == null ? "" : text.substring(0, Math.min(text.length(), 500));
    }

    private static Map<String, String> row(RefreshObject object, Map<?, ?> record) {
        Map<String, String> row = new HashMap<>();
        object.columns().forEach((column, field) -> {
            Object value = record;
            for (String part : field.split("\\.")) {
                value = value instanceof Map<?, ?> map ? map.get(part) : null;
            }
            if (value != null) {
                row.put(column, value.toString());
            }
        });
        return row;
    }
}
