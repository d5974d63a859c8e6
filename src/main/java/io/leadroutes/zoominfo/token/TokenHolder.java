package io.leadroutes.zoominfo.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.quarkus.arc.Unremovable;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Holds the one token of this process. However many callers need one, one authentication runs; it runs ahead of
 * the expiry while the old token is still handed out.
 */
@ApplicationScoped
@Named("zoominfoToken")
@Unremovable
public class TokenHolder {

    private static final Logger LOG = Logger.getLogger(TokenHolder.class);
    /** ZoomInfo API overview: a token is valid for one hour. */
    private static final Duration DEFAULT_LIFE = Duration.ofHours(1);
    /** A token is renewed between these shares of its life. */
    private static final double EARLIEST_RENEWAL = 0.75;
    private static final double LATEST_RENEWAL = 0.85;
    /** Refused credentials are not tried again before this. */
    private static final Duration HOLD_OFF = Duration.ofSeconds(30);

    private record Token(String jwt, Instant renewAt, Instant expires) {
    }

    private final AuthCall auth;
    private final Supplier<Credentials> credentials;
    private final ObjectMapper json;
    private final Clock clock;
    private final DoubleSupplier jitter;
    private final Executor background;
    private final Runnable stop;

    private Token token;
    private CompletableFuture<Token> flight;
    /** True from take-off until a thread has taken the flight over. */
    private boolean pilotless;
    private ZoomInfoException refusal;
    private Instant refusedUntil = Instant.MIN;
    private Instant retryRenewalAt = Instant.MIN;
    private TokenStatus status = new TokenStatus(TokenStatus.State.NOT_YET_TRIED, Optional.empty(), Optional.empty(),
            Optional.empty());

    @Inject
    TokenHolder(AuthCall auth, ZoomInfoConfig config, ObjectMapper json) {
        this(auth, () -> Credentials.read(config), json, Clock.systemUTC(),
                () -> ThreadLocalRandom.current().nextDouble(),
                Executors.newSingleThreadExecutor(task -> {
                    Thread thread = new Thread(task, "zoominfo-token");
                    thread.setDaemon(true);
                    return thread;
                }));
    }

    TokenHolder(AuthCall auth, Supplier<Credentials> credentials, ObjectMapper json, Clock clock,
            DoubleSupplier jitter, Executor background) {
        this.auth = auth;
        this.credentials = credentials;
        this.json = json;
        this.clock = clock;
        this.jitter = jitter;
        this.background = background;
        this.stop = background instanceof ExecutorService service ? service::shutdownNow : () -> {
        };
    }

    /** For CDI's client proxy. */
    TokenHolder() {
        this(null, null, null, Clock.systemUTC(), () -> 0, null);
    }

    @PreDestroy
    void close() {
        stop.run();
    }

    /**
     * The token to use now. Waits only when there is none that is valid.
     *
     * @throws ZoomInfoException when none can be had
     */
    public String current() throws ZoomInfoException {
        CompletableFuture<Token> wanted;
        synchronized (this) {
            Instant now = clock.instant();
            if (token != null && now.isBefore(token.expires)) {
                if (!now.isBefore(token.renewAt) && !now.isBefore(retryRenewalAt) && flight == null) {
                    CompletableFuture<Token> ahead = takeOff();
                    background.execute(() -> fly(ahead));
                }
                return token.jwt;
            }
            wanted = join();
        }
        return landed(wanted).jwt;
    }

    /**
     * Answers a 401: drops the refused token and brings another. A token that somebody has replaced meanwhile is
     * not replaced again.
     */
    public String renew(String refused) throws ZoomInfoException {
        synchronized (this) {
            if (token != null && token.jwt.equals(refused)) {
                token = null;
            }
        }
        return current();
    }

    /** The result of the last authentication. */
    public synchronized TokenStatus status() {
        return status;
    }

    /** The flight under way, or a new one that this thread must fly. */
    private CompletableFuture<Token> join() throws ZoomInfoException {
        if (flight != null) {
            return flight;
        }
        if (refusal != null && clock.instant().isBefore(refusedUntil)) {
            throw refusal;
        }
        return takeOff();
    }

    private CompletableFuture<Token> takeOff() {
        flight = new CompletableFuture<>();
        pilotless = true;
        return flight;
    }

    private Token landed(CompletableFuture<Token> wanted) throws ZoomInfoException {
        fly(wanted);
        try {
            return wanted.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ZoomInfoException(FailureClass.TRANSIENT, "Stopped while waiting for a token", "");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ZoomInfoException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Authenticates, unless another thread does so already. */
    private void fly(CompletableFuture<Token> own) {
        synchronized (this) {
            if (flight != own || !pilotless) {
                return;
            }
            pilotless = false;
        }
        try {
            String jwt = auth.authenticate(credentials.get());
            Token fresh = token(jwt);
            synchronized (this) {
                token = fresh;
                refusal = null;
                flight = null;
                status = new TokenStatus(TokenStatus.State.AUTHENTICATED, Optional.empty(),
                        Optional.of(clock.instant()), Optional.of(fresh.expires));
            }
            own.complete(fresh);
        } catch (ZoomInfoException e) {
            failed(own, asAuthentication(e));
        } catch (IllegalArgumentException e) {
            failed(own, new ZoomInfoException(FailureClass.UNAUTHENTICATED, e.getMessage(), ""));
        } catch (RuntimeException | Error e) {
            failed(own, new ZoomInfoException(FailureClass.TRANSIENT, "The authentication failed: "
                    + e.getClass().getSimpleName(), ""));
            throw e;
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

    private void failed(CompletableFuture<Token> own, ZoomInfoException failure) {
        synchronized (this) {
            Instant now = clock.instant();
            flight = null;
            retryRenewalAt = now.plus(HOLD_OFF);
            boolean refused = failure.getFailureClass() == FailureClass.UNAUTHENTICATED
                    || failure.getFailureClass() == FailureClass.NOT_LICENSED;
            refusal = refused ? failure : null;
            refusedUntil = refused ? now.plus(HOLD_OFF) : Instant.MIN;
            status = new TokenStatus(TokenStatus.State.FAILED, Optional.of(failure.getMessage()), Optional.of(now),
                    Optional.ofNullable(token).map(Token::expires));
        }
        LOG.warnf("ZoomInfo authentication failed (%s): %s", failure.getFailureClass(), failure.getMessage());
        own.completeExceptionally(failure);
    }

    private Token token(String jwt) {
        Instant now = clock.instant();
        Instant expires = Jwts.expiry(json, jwt).filter(now::isBefore).orElse(now.plus(DEFAULT_LIFE));
        double share = EARLIEST_RENEWAL + (LATEST_RENEWAL - EARLIEST_RENEWAL) * jitter.getAsDouble();
        long life = Duration.between(now, expires).toMillis();
        return new Token(jwt, now.plusMillis((long) (life * share)), expires);
    }
}
