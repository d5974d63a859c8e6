package io.leadroutes.zoominfo.token;

import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.leadroutes.zoominfo.token.TokenTable.TokensUnavailableException;
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
import org.jboss.logging.Logger;

/**
 * Holds the token that this process uses. However many callers need one, one of them asks the cluster for it; that
 * runs ahead of the expiry while the old token is still handed out. A token held here is used until it expires even
 * where the database does not answer.
 */
@ApplicationScoped
@Named("zoominfoToken")
@Unremovable
public class TokenHolder {

    private static final Logger LOG = Logger.getLogger(TokenHolder.class);
    /** A renewal ahead that failed is not tried again before this. */
    private static final Duration RETRY_RENEWAL = Duration.ofSeconds(30);

    private record Token(String jwt, long version, Instant renewAt, Instant expires) {
    }

    private final SharedToken shared;
    private final Clock clock;
    private final Executor background;
    private final Runnable stop;

    private Token token;
    /** The last version that ZoomInfo refused. */
    private long refused;
    private CompletableFuture<Token> flight;
    /** True from take-off until a thread has taken the flight over. */
    private boolean pilotless;
    private Instant retryRenewalAt = Instant.MIN;
    private TokenStatus status = new TokenStatus(TokenStatus.State.NOT_YET_TRIED, Optional.empty(), Optional.empty(),
            Optional.empty());

    @Inject
    TokenHolder(SharedToken shared) {
        this(shared, Clock.systemUTC(), Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "zoominfo-token");
            thread.setDaemon(true);
            return thread;
        }));
    }

    TokenHolder(SharedToken shared, Clock clock, Executor background) {
        this.shared = shared;
        this.clock = clock;
        this.background = background;
        this.stop = background instanceof ExecutorService service ? service::shutdownNow : () -> {
        };
    }

    /** For CDI's client proxy. */
    TokenHolder() {
        this(null, Clock.systemUTC(), null);
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
            wanted = flight == null ? takeOff() : flight;
        }
        return landed(wanted).jwt;
    }

    /**
     * Answers a 401: drops the refused token and brings another. A token that somebody has replaced meanwhile, here or
     * in another replica, is not replaced again.
     */
    public String renew(String rejected) throws ZoomInfoException {
        synchronized (this) {
            if (token != null && token.jwt.equals(rejected)) {
                refused = Math.max(refused, token.version);
                token = null;
            }
        }
        return current();
    }

    /** The result of the last authentication. */
    public synchronized TokenStatus status() {
        return status;
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

    /** Brings the cluster's token, unless another thread does so already. */
    private void fly(CompletableFuture<Token> own) {
        long tooOld;
        boolean ahead;
        synchronized (this) {
            if (flight != own || !pilotless) {
                return;
            }
            pilotless = false;
            tooOld = refused;
            ahead = token != null && clock.instant().isBefore(token.expires);
        }
        try {
            SharedToken.Token brought = shared.obtain(tooOld, ahead);
            while (!keep(own, brought)) {
                brought = shared.obtain(brought.version(), false);
            }
        } catch (ZoomInfoException e) {
            failed(own, e);
        } catch (IllegalArgumentException e) {
            failed(own, new ZoomInfoException(FailureClass.UNAUTHENTICATED, e.getMessage(), ""));
        } catch (TokensUnavailableException e) {
            failed(own, new ZoomInfoException(FailureClass.TRANSIENT, e.getMessage(), ""));
        } catch (RuntimeException | Error e) {
            failed(own, new ZoomInfoException(FailureClass.TRANSIENT, "The authentication failed: "
                    + e.getClass().getSimpleName(), ""));
            throw e;
        }
    }

    /** False when ZoomInfo has refused this token, too, while it was brought. */
    private synchronized boolean keep(CompletableFuture<Token> own, SharedToken.Token brought) {
        if (brought.version() <= refused) {
            return false;
        }
        Instant now = clock.instant();
        token = new Token(brought.jwt(), brought.version(), now.plus(brought.untilRenewal()), now.plus(brought.left()));
        flight = null;
        status = new TokenStatus(TokenStatus.State.AUTHENTICATED, Optional.empty(), Optional.of(now),
                Optional.of(token.expires));
        own.complete(token);
        return true;
    }

    private void failed(CompletableFuture<Token> own, ZoomInfoException failure) {
        synchronized (this) {
            Instant now = clock.instant();
            flight = null;
            retryRenewalAt = now.plus(RETRY_RENEWAL);
            status = new TokenStatus(TokenStatus.State.FAILED, Optional.of(failure.getMessage()), Optional.of(now),
                    Optional.ofNullable(token).map(Token::expires));
        }
        LOG.warnf("No new token for ZoomInfo (%s): %s", failure.getFailureClass(), failure.getMessage());
        own.completeExceptionally(failure);
    }
}
