package io.leadroutes.decision;

import io.leadroutes.receipt.Receipt;
import io.leadroutes.receipt.ReceiptJson;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

/** Reads decisions for the API and for the write-back. */
@ApplicationScoped
public class DecisionReader {

    private static final String COLUMNS = "receipt, facts, receipt_hash, previous_hash";
    private static final RowMapper<Receipt> RECEIPT = (row, number) -> ReceiptJson.read(row.getString(1),
            row.getString(2), row.getString(3), row.getString(4));

    private final JdbcTemplate jdbc;

    DecisionReader(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** The {@code score} of the lead API; the points of the lines sum to {@code total}. */
    public record ScoreView(int total, String tier, String grade, BigDecimal fit, BigDecimal intent,
            List<LineView> lines, String rulesVersion) {
    }

    /** One line of a score. */
    public record LineView(String rule, Optional<String> axis, BigDecimal points, String reason) {
    }

    /**
     * The {@code assignment} of the lead API.
     *
     * @param territory the deciding row, when it stands in a table named {@code territory}
     * @param reason    the receipt's headline, at most 240 characters
     */
    public record AssignmentView(String ownerId, String ownerName, Optional<String> territory, Optional<String> pool,
            Optional<String> rule, String reason) {
    }

    /**
     * The {@code routing} of the lead API: why a decided lead got no owner.
     *
     * @param action {@code stop} or {@code keepOwner}
     * @param rule   the guard or disqualifier that said so
     */
    public record RoutingView(String action, Optional<String> rule, Optional<String> reason) {
    }

    /** The receipts of a lead event, oldest first; empty before its decision. */
    public List<Receipt> receipts(UUID eventId) {
        return jdbc.query("select " + COLUMNS + " from decision where event_id = ? order by number", RECEIPT, eventId);
    }

    /** How the receipts of a lead event stand to their hashes, oldest first. */
    public List<SealView> seals(UUID eventId) {
        return jdbc.query("select " + COLUMNS + ", erased_at from decision where event_id = ? order by number",
                (row, number) -> {
                    Receipt receipt = RECEIPT.mapRow(row, number);
                    return new SealView(receipt.decision(), row.getTimestamp(5) != null ? Seal.ERASED
                            : ReceiptJson.intact(receipt) ? Seal.INTACT : Seal.BROKEN);
                }, eventId);
    }

    /** Whether a receipt still says what it was sealed with. */
    public enum Seal {
        INTACT,
        /** Emptied at the request of the person; the hash is that of what it once said. */
        ERASED,
        /** Changed by somebody. */
        BROKEN
    }

    /** The seal of one decision of an event. */
    public record SealView(int decision, Seal seal) {
    }

    /** The newest receipt of each lead event that has one. */
    public Map<UUID, Receipt> latest(Collection<UUID> eventIds) {
        Map<UUID, Receipt> latest = new LinkedHashMap<>();
        jdbc.query("select distinct on (event_id) " + COLUMNS + """
                \s from decision where event_id = any (?) order by event_id, number desc""", RECEIPT,
                (Object) eventIds.toArray(UUID[]::new))
                .forEach(receipt -> latest.put(receipt.eventId(), receipt));
        return latest;
    }

    /** Empty when a guard stopped the lead before it was scored. */
    public static Optional<ScoreView> score(Receipt receipt) {
        return receipt.score().map(score -> new ScoreView(score.total(), score.tier(), score.grade(), score.fit(),
                score.intent(), score.lines().stream().map(line -> new LineView(line.rule(), line.axis(),
                        line.points(), line.reason())).toList(), receipt.rulesVersion()));
    }

    /** Empty when routing named an owner. */
    public static Optional<RoutingView> unassigned(Receipt receipt) {
        return Optional.of(receipt.route()).filter(route -> !route.action().equals("assign"))
                .map(route -> new RoutingView(route.action(), route.rule(), route.reason()));
    }

    /** Empty when no owner is to be written. */
    public static Optional<AssignmentView> assignment(Receipt receipt) {
        return receipt.assignment().map(assigned -> new AssignmentView(assigned.ownerId(), assigned.ownerName(),
                receipt.route().table().filter("territory"::equals).flatMap(table -> receipt.route().rule()),
                receipt.pool().map(Receipt.Pooled::id), receipt.route().rule(), receipt.headline()));
    }
}
