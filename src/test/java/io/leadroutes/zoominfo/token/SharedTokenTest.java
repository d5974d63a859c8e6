package io.leadroutes.zoominfo.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leadroutes.TestDatabase;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Three replicas, each with a holder of its own, on one PostgreSQL. */
class SharedTokenTest {

    private static final int REPLICAS = 3;
    private static final int CALLERS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Credentials CREDENTIALS = new Credentials("user@example.com", Optional.of("secret"),
            Optional.empty(), Optional.empty());
    private static final Credentials ROTATED = new Credentials("user@example.com", Optional.of("secret2"),
            Optional.empty(), Optional.empty());

    private final String url = TestDatabase.migratedUrl();
    private final PGSimpleDataSource database = new PGSimpleDataSource();
    private final JdbcTemplate sql = new JdbcTemplate(database);
    private final SettableClock clock = new SettableClock();
    private final Queue<Runnable> background = new ConcurrentLinkedQueue<>();
    private final List<TokenHolder> replicas = new ArrayList<>();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final AtomicInteger authentications = new AtomicInteger();
    private volatile Optional<ZoomInfoException> failure = Optional.empty();
    private volatile CountDownLatch door = new CountDownLatch(0);

    @BeforeEach
    void start() {
        database.setUrl(url);
        for (int i = 0; i < REPLICAS; i++) {
            replicas.add(replica(CREDENTIALS));
        }
    }

    @AfterEach
    void stop() {
        callers.shutdownNow();
        TestDatabase.end(url);
    }

    @Test
    void aColdStartOfAllReplicasIsOneAuthentication() throws Exception {
        assertThat(fromEverywhere(TokenHolder::current)).hasSize(REPLICAS * CALLERS)
                .containsOnly(replicas.get(0).current());
        assertThat(authentications).hasValue(1);
        assertThat(replicas).allSatisfy(each ->
                assertThat(each.status().state()).isEqualTo(TokenStatus.State.AUTHENTICATED));
    }

    @Test
    void oneReplicaRenewsAheadWhileAllGoOnWithTheOldToken() throws Exception {
        String old = fromEverywhere(TokenHolder::current).get(0);
        clock.advance(Duration.ofMinutes(49));
        sql.update("update zoominfo_token set renew_at = clock_timestamp(), "
                + "expires_at = clock_timestamp() + interval '11 min'");
        door = new CountDownLatch(1);

        assertThat(fromEverywhere(TokenHolder::current)).containsOnly(old);
        assertThat(background).hasSize(REPLICAS);
        background.forEach(callers::execute);
        await().atMost(PATIENCE).until(() -> authentications.get() == 2);
        assertThat(fromEverywhere(TokenHolder::current)).containsOnly(old);

        door.countDown();
        await().atMost(PATIENCE).until(() -> fromEverywhere(TokenHolder::current).stream().noneMatch(old::equals));
        assertThat(fromEverywhere(TokenHolder::current)).containsOnly(replicas.get(0).current());
        assertThat(authentications).hasValue(2);
    }

    @Test
    void anExpiredTokenIsReplacedByOneAuthentication() throws Exception {
        String old = fromEverywhere(TokenHolder::current).get(0);
        clock.advance(Duration.ofMinutes(61));
        sql.update("update zoominfo_token set renew_at = clock_timestamp(), expires_at = clock_timestamp()");

        assertThat(fromEverywhere(TokenHolder::current)).doesNotContain(old).containsOnly(replicas.get(0).current());
        assertThat(authentications).hasValue(2);
    }

    @Test
    void aClockThatIsWrongHereCausesNoAuthentication() throws Exception {
        String token = replicas.get(0).current();
        clock.advance(Duration.ofDays(1));
        assertThat(replicas.get(0).current()).isEqualTo(token);
        assertThat(authentications).hasValue(1);
    }

    @Test
    void aBurstOf401InAllReplicasIsOneAuthentication() throws Exception {
        String revoked = fromEverywhere(TokenHolder::current).get(0);
        assertThat(fromEverywhere(holder -> holder.renew(revoked))).doesNotContain(revoked)
                .containsOnly(replicas.get(0).current());
        assertThat(fromEverywhere(holder -> holder.renew(revoked))).as("401s that come late")
                .containsOnly(replicas.get(0).current());
        assertThat(authentications).hasValue(2);
    }

    @Test
    void refusedCredentialsAreTriedOnceInTheWholeClusterAndRotatedOnesAtOnce() throws Exception {
        failure = Optional.of(new ZoomInfoException(FailureClass.UNAUTHENTICATED, "Authentication failed", "r"));
        for (TokenHolder replica : replicas) {
            assertThatThrownBy(replica::current).hasMessage("Authentication failed").isInstanceOfSatisfying(
                    ZoomInfoException.class,
                    e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.UNAUTHENTICATED));
            assertThat(replica.status().state()).isEqualTo(TokenStatus.State.FAILED);
        }
        assertThat(authentications).hasValue(1);

        failure = Optional.empty();
        assertThat(replica(ROTATED).current()).isNotBlank();
        assertThat(authentications).hasValue(2);
    }

    @Test
    void refusedCredentialsAreTriedAgainAfterTheHoldOff() {
        failure = Optional.of(new ZoomInfoException(FailureClass.UNAUTHENTICATED, "Authentication failed", "r"));
        assertThatThrownBy(replicas.get(0)::current).hasMessage("Authentication failed");
        sql.update("update zoominfo_token set refused_until = clock_timestamp()");
        assertThatThrownBy(replicas.get(1)::current).hasMessage("Authentication failed");
        assertThat(authentications).hasValue(2);
    }

    @Test
    void aFailureThatMayPassIsTriedAgainByTheNextCaller() throws Exception {
        failure = Optional.of(new ZoomInfoException(FailureClass.TRANSIENT, "ZoomInfo answered 503", "r"));
        assertThatThrownBy(replicas.get(0)::current).hasMessage("ZoomInfo answered 503");
        failure = Optional.empty();
        assertThat(replicas.get(1).current()).isEqualTo(replicas.get(0).current());
        assertThat(authentications).hasValue(2);
    }

    @Test
    void aTokenSealedWithOtherCredentialsIsReplaced() throws Exception {
        String token = replicas.get(0).current();
        String rotated = replica(ROTATED).current();
        assertThat(rotated).isNotEqualTo(token);
        assertThat(replicas.get(0).current()).as("still valid here").isEqualTo(token);
    }

    @Test
    void whoRenewsKeepsTheLeaseAsLongAsThatTakes() throws Exception {
        door = new CountDownLatch(1);
        Future<String> slow = callers.submit(() -> replicas.get(0).current());
        await().atMost(PATIENCE).until(() -> authentications.get() == 1);
        // As if three seconds were nearly over.
        sql.update("update zoominfo_token set lease_until = clock_timestamp() + interval '1500 ms'");
        Future<String> waiting = callers.submit(() -> replicas.get(1).current());
        await().atMost(PATIENCE).until(() -> sql.queryForObject(
                "select lease_until > clock_timestamp() + interval '1600 ms' from zoominfo_token", Boolean.class));
        assertThat(waiting).isNotDone();
        door.countDown();
        assertThat(waiting.get()).isEqualTo(slow.get());
        assertThat(authentications).hasValue(1);
    }

    @Test
    void anotherReplicaTakesOverFromOneThatGivesNoSignOfLife() throws Exception {
        JdbcTokenTable table = new JdbcTokenTable(database);
        assertThat(table.lease("test", UUID.randomUUID(), 0, new byte[1])).isTrue();
        Future<String> waiting = callers.submit(() -> replicas.get(1).current());
        Duration left = Duration.ofMillis(sql.queryForObject("select (1000 * extract(epoch from "
                + "lease_until - clock_timestamp()))::bigint from zoominfo_token", Long.class));
        assertThat(left).isBetween(Duration.ofMillis(1), TokenTable.LEASE);
        assertThat(authentications).hasValue(0);
        sql.update("update zoominfo_token set lease_until = clock_timestamp()");
        assertThat(waiting.get()).isNotBlank();
        assertThat(authentications).hasValue(1);
    }

    @Test
    void whoLostTheLeaseTakesTheTokenOfWhoGotIt() throws Exception {
        door = new CountDownLatch(1);
        Future<String> late = callers.submit(() -> replicas.get(0).current());
        await().atMost(PATIENCE).until(() -> authentications.get() == 1);
        UUID other = UUID.randomUUID();
        sql.update("update zoominfo_token set renewer = ?", other);
        byte[] sealed = new TokenSeal("test", TokenFixture.FEW_ROUNDS).seal(CREDENTIALS, 1, "token of the other");
        assertThat(new JdbcTokenTable(database).store("test", other, 1, sealed, Duration.ofHours(1),
                Duration.ofMinutes(48))).isTrue();
        door.countDown();
        assertThat(late.get()).isEqualTo("token of the other");
    }

    @Test
    void withoutTheDatabaseTheTokenInMemoryServesUntilItExpires() throws Exception {
        String token = replicas.get(0).current();
        TestDatabase.end(url);
        clock.advance(Duration.ofMinutes(55));
        assertThat(replicas.get(0).current()).isEqualTo(token);
        background.remove().run();
        assertThat(replicas.get(0).current()).isEqualTo(token);
        assertThat(new ZoomInfoAuthenticationCheck(replicas.get(0)).call().getStatus().name()).isEqualTo("UP");

        clock.advance(Duration.ofMinutes(6));
        assertThatThrownBy(replicas.get(0)::current).hasMessageContaining("the database does not answer")
                .isInstanceOfSatisfying(ZoomInfoException.class,
                        e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.TRANSIENT));
        assertThat(authentications).as("none that the others do not know of").hasValue(1);
    }

    @Test
    void theDatabaseHoldsNoTokenInTheClear() throws Exception {
        String token = replicas.get(0).current();
        String row = sql.queryForObject("select encode(sealed, 'escape') || t::text from zoominfo_token t",
                String.class);
        assertThat(row).isNotBlank().doesNotContain(token, token.split("\\.")[1], "secret", "user@example.com");
    }

    private TokenHolder replica(Credentials credentials) {
        return TokenFixture.holder(this::authenticate, () -> credentials, new JdbcTokenTable(database), clock,
                background::add);
    }

    private interface Wanted {
        String from(TokenHolder holder) throws ZoomInfoException;
    }

    /** What all callers of all replicas get who ask at the same moment. */
    private List<String> fromEverywhere(Wanted wanted) throws Exception {
        CyclicBarrier start = new CyclicBarrier(REPLICAS * CALLERS);
        List<Callable<String>> tasks = new ArrayList<>();
        for (TokenHolder replica : replicas) {
            for (int i = 0; i < CALLERS; i++) {
                tasks.add(() -> {
                    start.await();
                    return wanted.from(replica);
                });
            }
        }
        List<String> tokens = new ArrayList<>();
        for (Future<String> each : callers.invokeAll(tasks)) {
            tokens.add(each.get());
        }
        return tokens;
    }

    private String authenticate(Credentials credentials) throws ZoomInfoException {
        int count = authentications.incrementAndGet();
        try {
            door.await();
        } catch (InterruptedException e) {
            throw new ZoomInfoException(FailureClass.TRANSIENT, "stopped", "");
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        long expires = clock.instant().plus(Duration.ofHours(1)).getEpochSecond();
        String claims = "{\"n\":" + count + ",\"exp\":" + expires + "}";
        return "h." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes()) + ".s";
    }
}
