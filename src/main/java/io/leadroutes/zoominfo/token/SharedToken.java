package io.leadroutes.zoominfo.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.zoominfo.Account;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.leadroutes.zoominfo.token.TokenTable.Refusal;
import io.leadroutes.zoominfo.token.TokenTable.Row;
import io.leadroutes.zoominfo.token.TokenTable.TokensUnavailableException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The one token of the cluster. Whoever finds it missing, expired or refused takes the lease and authenticates; all
 * others wait for the version to rise and take what that one has brought.
 */
@ApplicationScoped
class SharedToken {

    private static final Logger LOG = Logger.getLogger(SharedToken.class);
    /** ZoomInfo API overview: a token is valid for one hour. */
    private static final Duration DEFAULT_LIFE = Duration.ofHours(1);
    /** Nothing is relied on for longer. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);
    /** A token is renewed between these shares of its life. */
    private static final double EARLIEST_RENEWAL = 0.75;
    private static final double LATEST_RENEWAL = 0.85;
    /** Refused credentials are not tried again before this, by no replica. */
    private static final Duration HOLD_OFF = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_MILLIS = 100;

    /**
     * @param version      of the row it came from or went to
     * @param left         until it expires
     * @param untilRenewal until it is to be renewed
     */
    record Token(String jwt, long version, Duration left, Duration untilRenewal) {
    }

    private final AuthCall auth;
    private final Supplier<Credentials> credentials;
    private final ObjectMapper json;
    private final TokenTable table;
    private final String account;
    private final TokenSeal seal;
    private final Clock clock;
    private final DoubleSupplier jitter;
    private final UUID self = UUID.randomUUID();
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "zoominfo-token-lease");
        thread.setDaemon(true);
        return thread;
    });

    @Inject
    SharedToken(AuthCall auth, ZoomInfoConfig config, ObjectMapper json, TokenTable table) {
        this(auth, () -> Credentials.read(config), json, table, new TokenSeal(Account.of(config), TokenSeal.ROUNDS),
                Account.of(config), Clock.systemUTC(), () -> ThreadLocalRandom.current().nextDouble());
    }

    SharedToken(AuthCall auth, Supplier<Credentials> credentials, ObjectMapper json, TokenTable table, TokenSeal seal,
            String account, Clock clock, DoubleSupplier jitter) {
        this.auth = auth;
        this.credentials = credentials;
        this.json = json;
        this.table = table;
        this.seal = seal;
        this.account = account;
        this.clock = clock;
        this.jitter = jitter;
    }

    /** For CDI's client proxy. */
    SharedToken() {
        this(null, null, null, null, null, "", Clock.systemUTC(), () -> 0);
    }

    @PreDestroy
    void close() {
        heart.shutdownNow();
    }

    /**
     * The cluster's token, a new one where that is needed. Waits as long as somebody else authenticates.
     *
     * @param refused version of the last token that ZoomInfo refused; that and older ones will not do
     * @param ahead   whether one that is due for renewal will not do either
     * @throws ZoomInfoException          when the authentication failed, here or a moment ago elsewhere
     * @throws IllegalArgumentException   when the credentials are missing or unreadable
     * @throws TokensUnavailableException when the database does not answer
     */
    Token obtain(long refused, boolean ahead) throws ZoomInfoException {
        Credentials known = credentials.get();
        byte[] fingerprint = seal.fingerprint(known);
        while (true) {
            Row row = table.read(account);
            boolean due = ahead && row.untilRenewal().compareTo(Duration.ZERO) <= 0;
            Optional<String> jwt = row.version() > refused && !due
                    ? row.sealed().flatMap(sealed -> seal.open(known, row.version(), sealed)) : Optional.empty();
            if (jwt.isPresent()) {
                return new Token(jwt.get(), row.version(), row.left(), row.untilRenewal());
            }
            Optional<Refusal> refusal = row.refusal().filter(each -> Arrays.equals(each.fingerprint(), fingerprint));
            if (refusal.isPresent()) {
                throw new ZoomInfoException(refusal.get().failureClass(), refusal.get().message(), "");
            }
            if (table.lease(account, self, row.version(), fingerprint)) {
                Optional<Token> fresh = authenticate(known, fingerprint, row.version());
                if (fresh.isPresent()) {
                    return fresh.get();
                }
            } else {
                pause();
            }
        }
    }

    /** Authenticates under the lease; empty when that was lost meanwhile, so that another's token is the cluster's. */
    private Optional<Token> authenticate(Credentials known, byte[] fingerprint, long before) throws ZoomInfoException {
        long beat = TokenTable.LEASE.toMillis() / 3;
        Future<?> heartbeat = heart.scheduleAtFixedRate(this::extend, beat, beat, TimeUnit.MILLISECONDS);
        Token fresh;
        try {
            fresh = token(auth.authenticate(known), before + 1);
        } catch (ZoomInfoException e) {
            ZoomInfoException failure = asAuthentication(e);
            boolean refused = failure.getFailureClass() == FailureClass.UNAUTHENTICATED
                    || failure.getFailureClass() == FailureClass.NOT_LICENSED;
            tell(refused ? () -> table.refuse(account, self,
                    new Refusal(fingerprint, failure.getFailureClass(), failure.getMessage()), HOLD_OFF)
                    : () -> table.release(account, self));
            throw failure;
        } catch (RuntimeException | Error e) {
            tell(() -> table.release(account, self));
            throw e;
        } finally {
            heartbeat.cancel(false);
        }
        try {
            byte[] sealed = seal.seal(known, fresh.version(), fresh.jwt());
            boolean stored = table.store(account, self, fresh.version(), sealed, fresh.left(), fresh.untilRenewal());
            return stored ? Optional.of(fresh) : Optional.empty();
        } catch (TokensUnavailableException e) {
            LOG.warn("The new ZoomInfo token could not be stored; it is used here alone");
            return Optional.of(fresh);
        }
    }

    private void extend() {
        tell(() -> table.extend(account, self));
    }

    /** A failure is put right by the end of the lease. */
    private static void tell(Runnable statement) {
        try {
            statement.run();
        } catch (TokensUnavailableException e) {
            LOG.debug("The lease of the ZoomInfo token could not be changed", e);
        }
    }

    private static void pause() throws ZoomInfoException {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ZoomInfoException(FailureClass.TRANSIENT, "Stopped while waiting for a token", "");
        }
    }

    /** Whatever the endpoint finds invalid is our credentials. */
    private static ZoomInfoException asAuthentication(ZoomInfoException e) {
        if (e.getFailureClass() != FailureClass.INVALID_REQUEST) {
            return e;
        }
        return new ZoomInfoException(FailureClass.UNAUTHENTICATED, e.getStatus(), e.getMessage(), e.getRequestId(),
                e.getSentRequestId(), e.getInvalidOutputFields());
    }

    private Token token(String jwt, long version) {
        Duration told = Jwts.life(json, jwt, clock.instant()).orElse(DEFAULT_LIFE);
        Duration life = told.compareTo(LONGEST_LIFE) > 0 ? LONGEST_LIFE : told;
        double share = EARLIEST_RENEWAL + (LATEST_RENEWAL - EARLIEST_RENEWAL) * jitter.getAsDouble();
        return new Token(jwt, version, life, Duration.ofMillis((long) (life.toMillis() * share)));
    }
}
