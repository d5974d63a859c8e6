package io.leadroutes.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Our webhooks at ZoomInfo and their tokens, of which hashes are kept: a token is told once, at creation or rotation,
 * and is only ever compared. All times are the database's.
 */
@ApplicationScoped
public class Webhooks {

    /** A rotation is taken for under way no longer than this. */
    private static final Duration ROTATION = Duration.ofSeconds(60);

    private final JdbcTemplate jdbc;

    Webhooks(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * A webhook of ours.
     *
     * @param previousUntil  until when the token before is taken, too
     * @param rotating       whether a rotation was begun whose new token is not known
     * @param rotationWanted whether somebody has asked for a rotation
     */
    public record Known(String webhookId, String title, String targetUrl, Instant tokenSince,
            Optional<Instant> previousUntil, boolean rotating, boolean rotationWanted) {
    }

    /**
     * What a presented token is worth.
     *
     * @param webhookId the webhook whose token it is
     * @param rotating  whether a token is being rotated just now, so that an unknown one may be the new one
     */
    record Check(Optional<String> webhookId, boolean rotating) {
    }

    /** All of ours, oldest first. */
    public List<Known> all() {
        return jdbc.query("select * from webhook order by created_at, webhook_id", (row, number) -> new Known(
                row.getString("webhook_id"), row.getString("title"), row.getString("target_url"),
                row.getTimestamp("token_since").toInstant(),
                Optional.ofNullable(row.getTimestamp("previous_until")).map(Timestamp::toInstant),
                row.getTimestamp("rotating_since") != null, row.getBoolean("rotation_wanted")));
    }

    /** Ids of those whose token is older than {@code age}, whose rotation was asked for, or was begun and not ended. */
    List<String> due(Duration age) {
        return jdbc.queryForList("""
                select webhook_id from webhook
                where rotation_wanted or rotating_since is not null
                   or token_since <= now() - make_interval(secs => ?) order by 1""", String.class, seconds(age));
    }

    /** Keeps a new webhook of ours. */
    void created(String webhookId, String title, String targetUrl, String token) {
        jdbc.update("""
                insert into webhook (webhook_id, title, target_url, token_hash) values (?, ?, ?, ?)
                on conflict (webhook_id) do update set title = excluded.title, target_url = excluded.target_url,
                    token_hash = excluded.token_hash, token_since = now(), rotating_since = null,
                    rotation_wanted = false""", webhookId, title, targetUrl, hash(token));
    }

    void changed(String webhookId, String title, String targetUrl) {
        jdbc.update("update webhook set title = ?, target_url = ? where webhook_id = ?", title, targetUrl, webhookId);
    }

    /** A rotation begins: from now on ZoomInfo may send a token that we do not know yet. */
    void rotating(String webhookId) {
        jdbc.update("update webhook set rotating_since = now() where webhook_id = ?", webhookId);
    }

    /** The new token; the one before is taken for a while longer. */
    void rotated(String webhookId, String token, Duration grace) {
        jdbc.update("""
                update webhook set previous_hash = token_hash, previous_until = now() + make_interval(secs => ?),
                    token_hash = ?, token_since = now(), rotating_since = null, rotation_wanted = false
                where webhook_id = ?""", seconds(grace), hash(token), webhookId);
    }

    void forget(String webhookId) {
        jdbc.update("delete from webhook where webhook_id = ?", webhookId);
    }

    /**
     * Asks for the rotation of all tokens; it is done by the next run of {@code zoominfo-webhook-reconcile}.
     *
     * @return how many there are
     */
    @Transactional
    public int wantRotation() {
        return jdbc.update("update webhook set rotation_wanted = true");
    }

    /** Compares with every valid token, each in a time that does not depend on where they differ. */
    Check check(String presented) {
        byte[] hash = hash(presented).getBytes(StandardCharsets.US_ASCII);
        Optional<String> found = Optional.empty();
        boolean rotating = false;
        for (Map<String, Object> row : jdbc.queryForList("""
                select webhook_id, token_hash,
                       case when previous_until > now() then previous_hash end as previous_hash,
                       rotating_since > now() - make_interval(secs => ?) as rotating
                from webhook""", seconds(ROTATION))) {
            boolean present = same(hash, row.get("token_hash"));
            boolean previous = same(hash, row.get("previous_hash"));
            if (present | previous) {
                found = Optional.of((String) row.get("webhook_id"));
            }
            rotating |= Boolean.TRUE.equals(row.get("rotating"));
        }
        return new Check(found, rotating);
    }

    private static boolean same(byte[] hash, Object stored) {
        return MessageDigest.isEqual(hash, stored == null ? new byte[hash.length]
                : stored.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static String hash(String token) {
        return DeliveryReader.hash(token.getBytes(StandardCharsets.UTF_8));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
