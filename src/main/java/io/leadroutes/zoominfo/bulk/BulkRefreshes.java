package io.leadroutes.zoominfo.bulk;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Bulk refreshes as somebody orders, watches and stops them; the work is done by {@code routes/jobs/bulk-refresh*}. */
@ApplicationScoped
public class BulkRefreshes {

    private static final int ROWS_AT_ONCE = 2_000;
    private static final Pattern FIELD = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,79}");

    private final JdbcTemplate jdbc;
    private final RefreshReader reader;
    private final BulkItems items;

    BulkRefreshes(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.reader = new RefreshReader(jdbc);
        this.items = new BulkItems(jdbc);
    }

    /** An order that cannot be carried out as it is; the message says why. */
    public static class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * What an order says besides its records.
     *
     * @param outputFields fields of ZoomInfo to ask for; empty for the usual ones
     * @param margin       share by which the quote may be passed, 0 to 1
     * @param starts       whether it starts without somebody accepting the quote
     */
    public record Order(List<String> outputFields, BigDecimal margin, boolean starts) {

        public Order {
            for (String field : outputFields) {
                if (!FIELD.matcher(field).matches()) {
                    throw new RefusedException("'" + field + "' is not the name of an output field.");
                }
            }
            if (margin.signum() < 0 || margin.compareTo(BigDecimal.ONE) > 0) {
                throw new RefusedException("margin is a share from 0 to 1, for example 0.01.");
            }
            outputFields = List.copyOf(outputFields);
        }
    }

    /**
     * Orders a refresh of the records that a query finds.
     *
     * @param object object of the CRM; may be left out when the query names it
     * @throws RefusedException if the query is not a plain choice of records
     */
    @Transactional
    public UUID order(String soql, Optional<String> object, Order order) {
        Optional<RefreshObject> named = object.map(BulkRefreshes::object);
        RefreshQuery.Understood query;
        try {
            query = RefreshQuery.read(soql, named);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(e.getMessage());
        }
        return create(query.object(), "soql", query.soql(), order, "LOADING");
    }

    /**
     * Orders a refresh of the rows of a CSV file, which is read as it comes.
     *
     * @param object object of the CRM; may be left out when the columns tell it
     * @throws RefusedException if the file cannot be read; nothing of it is kept then
     */
    public UUID order(InputStream csv, Optional<String> object, Order order) throws IOException {
        Optional<RefreshObject> named = object.map(BulkRefreshes::object);
        UUID id = null;
        boolean complete = false;
        try {
            CsvRows rows = new CsvRows(csv);
            RefreshObject chosen = chosen(named, rows.columns());
            id = create(chosen, "csv", null, order, "RECEIVING");
            long position = 1;
            List<Map<String, String>> some = new ArrayList<>(ROWS_AT_ONCE);
            for (Optional<Map<String, String>> row = rows.next(); row.isPresent(); row = rows.next()) {
                some.add(row.get());
                if (some.size() == ROWS_AT_ONCE) {
                    items.add(id, chosen, position, some);
                    position += some.size();
                    some.clear();
                }
            }
            items.add(id, chosen, position, some);
            if (find(id).orElseThrow().records().items() == 0) {
                throw new RefusedException(position == 1 && some.isEmpty() ? "The file has no rows."
                        : "No row of the file says enough to find somebody: a personId, an e-mail address, or first name, last "
                                + "name and company; for an account a companyId, a website or a name.");
            }
            jdbc.update("update bulk_refresh set state = 'QUOTING' where id = ? and state = 'RECEIVING'", id);
            complete = true;
            return id;
        } catch (IllegalArgumentException e) {
            throw new RefusedException(e.getMessage());
        } finally {
            if (id != null && !complete) {
                jdbc.update("delete from bulk_refresh where id = ?", id);
            }
        }
    }

    private static RefreshObject chosen(Optional<RefreshObject> named, Set<String> columns) {
        boolean ofCompanies = columns.contains("companyId") || columns.contains("website") || columns.contains("name");
        boolean ofPeople = columns.contains("personId") || columns.contains("email") || columns.contains("lastName");
        RefreshObject chosen = named.orElseGet(() -> {
            if (ofCompanies == ofPeople) {
                throw new RefusedException("The columns do not tell whether people or companies are meant: "
                        + "give object=Contact, Lead or Account.");
            }
            return ofPeople ? RefreshObject.CONTACT : RefreshObject.ACCOUNT;
        });
        boolean fits = chosen.entity() == RefreshObject.Entity.CONTACT ? ofPeople : ofCompanies;
        if (!fits) {
            throw new RefusedException("The columns " + columns + " do not fit the object " + chosen.apiName() + ": people need "
                    + "personId, email, or firstName, lastName and company; accounts need companyId, website or name.");
        }
        return chosen;
    }

    private static RefreshObject object(String name) {
        return RefreshObject.named(name).orElseThrow(() -> new RefusedException(
                "object is Contact, Lead or Account, not '" + name + "'."));
    }

    private UUID create(RefreshObject object, String source, String soql, Order order, String state) {
        UUID id = UUID.randomUUID();
        jdbc.update("insert into bulk_refresh (id, object, source, soql, output_fields, margin, starts, state) "
                + "values (?, ?, ?, ?, ?, ?, ?, ?)", id, object.apiName(), source, soql,
                String.join(",", order.outputFields()), order.margin(), order.starts(), state);
        return id;
    }

    /** The newest refreshes. */
    public List<Refresh> list(int most) {
        return reader.list(most);
    }

    public Optional<Refresh> find(UUID id) {
        return reader.find(id);
    }

    /** Accepts the quote. */
    @Transactional
    public void start(UUID id) {
        change(id, "started", Set.of("QUOTED"), "state = 'RUNNING', started_at = now(), cause = null");
    }

    /** Stops the work; what has been submitted goes on at ZoomInfo, where jobs are lost after 24 hours. */
    @Transactional
    public void pause(UUID id) {
        change(id, "paused", Set.of("RUNNING"), "state = 'PAUSED', cause = 'Paused by request.'");
    }

    /** Goes on after a pause, whoever made it. */
    @Transactional
    public void resume(UUID id) {
        change(id, "resumed", Set.of("PAUSED"), "state = case when quoted_at is null then 'QUOTING' else 'RUNNING' end, "
                + "cause = null, not_before = now()");
    }

    /** Ends it for good; its rows are forgotten, what has been done stays done. */
    @Transactional
    public void cancel(UUID id) {
        change(id, "cancelled", Set.of("LOADING", "QUOTING", "QUOTED", "RUNNING", "PAUSED", "STOPPED_AT_QUOTE"),
                "state = 'CANCELLED', ended_at = now(), cause = null");
        jdbc.update("delete from bulk_item where refresh_id = ?", id);
        jdbc.update("update bulk_job set state = 'LOST', cause = 'cancelled' where refresh_id = ? "
                + "and state in ('WAITING', 'SUBMITTING')", id);
    }

    private void change(UUID id, String what, Set<String> from, String change) {
        String state = jdbc.queryForObject("select state from bulk_refresh where id = ? for update", String.class, id);
        if (!from.contains(state)) {
            throw new RefusedException("A refresh that is " + state + " cannot be " + what + "; it must be "
                    + String.join(" or ", from.stream().sorted().toList()) + ".");
        }
        jdbc.update("update bulk_refresh set " + change + " where id = ?", id);
    }
}
