package io.leadroutes.zoominfo.token;

import io.leadroutes.zoominfo.FailureClass;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The shared token as a row of PostgreSQL; never inside a caller's transaction. */
@ApplicationScoped
@Transactional(Transactional.TxType.NOT_SUPPORTED)
class JdbcTokenTable implements TokenTable {

    private static final String READ = """
            select version, sealed, refused_as, refused_class, refusal,
                   coalesce(expires_at > clock_timestamp(), false) as valid,
                   coalesce(refused_until > clock_timestamp(), false) as refused,
                   (1000000 * extract(epoch from expires_at - clock_timestamp()))::bigint as left_micros,
                   (1000000 * extract(epoch from renew_at - clock_timestamp()))::bigint as renewal_micros
              from zoominfo_token where account = :account
            """;
    private static final String TAKE = """
            insert into zoominfo_token as t (account, renewer, lease_until)
            values (:account, :renewer, clock_timestamp() + :lease * interval '1 us')
            on conflict (account) do update set renewer = excluded.renewer, lease_until = excluded.lease_until
             where t.version = :version
               and (t.renewer is null or t.renewer = excluded.renewer or t.lease_until < clock_timestamp())
               and (t.refused_until is null or t.refused_until < clock_timestamp()
                    or t.refused_as is distinct from :fingerprint)
            """;
    private static final String STORE = """
            update zoominfo_token set version = :version, sealed = :sealed, renewer = null, lease_until = null,
                   renew_at = clock_timestamp() + :renewal * interval '1 us',
                   expires_at = clock_timestamp() + :left * interval '1 us',
                   refused_as = null, refused_class = null, refusal = null, refused_until = null
             where account = :account and renewer = :renewer
            """;
    private static final String REFUSE = """
            update zoominfo_token set renewer = null, lease_until = null, refused_as = :fingerprint,
                   refused_class = :failureClass, refusal = :message,
                   refused_until = clock_timestamp() + :holdOff * interval '1 us'
             where account = :account and renewer = :renewer
            """;

    private final JdbcClient jdbc;

    @Inject
    JdbcTokenTable(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    @Override
    public Row read(String account) {
        return reached(() -> jdbc.sql(READ).param("account", account).query((row, number) -> row(row)).optional())
                .orElse(Row.NONE);
    }

    private static Row row(ResultSet row) throws SQLException {
        Optional<byte[]> sealed = row.getBoolean("valid") ? Optional.ofNullable(row.getBytes("sealed"))
                : Optional.empty();
        Optional<Refusal> refusal = row.getBoolean("refused")
                ? Optional.of(new Refusal(row.getBytes("refused_as"),
                        FailureClass.valueOf(row.getString("refused_class")), row.getString("refusal")))
                : Optional.empty();
        return new Row(row.getLong("version"), sealed, micros(row.getLong("left_micros")),
                micros(row.getLong("renewal_micros")), refusal);
    }

    @Override
    public boolean lease(String account, UUID renewer, long version, byte[] fingerprint) {
        return reached(() -> jdbc.sql(TAKE).param("account", account).param("renewer", renewer)
                .param("lease", micros(TokenTable.LEASE)).param("version", version).param("fingerprint", fingerprint)
                .update()) == 1;
    }

    @Override
    public void extend(String account, UUID renewer) {
        reached(() -> jdbc.sql("update zoominfo_token set lease_until = clock_timestamp() + :lease * interval '1 us' "
                + "where account = :account and renewer = :renewer").param("lease", micros(TokenTable.LEASE))
                .param("account", account).param("renewer", renewer).update());
    }

    @Override
    public boolean store(String account, UUID renewer, long version, byte[] sealed, Duration left,
            Duration untilRenewal) {
        return reached(() -> jdbc.sql(STORE).param("account", account).param("renewer", renewer)
                .param("version", version).param("sealed", sealed).param("left", micros(left))
                .param("renewal", micros(untilRenewal)).update()) == 1;
    }

    @Override
    public void release(String account, UUID renewer) {
        reached(() -> jdbc.sql("update zoominfo_token set renewer = null, lease_until = null "
                + "where account = :account and renewer = :renewer").param("account", account).param("renewer", renewer)
                .update());
    }

    @Override
    public void refuse(String account, UUID renewer, Refusal refusal, Duration holdOff) {
        reached(() -> jdbc.sql(REFUSE).param("account", account).param("renewer", renewer)
                .param("fingerprint", refusal.fingerprint()).param("failureClass", refusal.failureClass().name())
                .param("message", refusal.message()).param("holdOff", micros(holdOff)).update());
    }

    private static <T> T reached(Supplier<T> statement) {
        try {
            return statement.get();
        } catch (DataAccessException e) {
            throw new TokensUnavailableException(e);
        }
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * 1_000);
    }
}
