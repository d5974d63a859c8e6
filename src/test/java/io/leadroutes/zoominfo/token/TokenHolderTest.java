package io.leadroutes.zoominfo.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TokenHolderTest {

    private static final Credentials CREDENTIALS = new Credentials("user@example.com", Optional.of("secret"),
            Optional.empty(), Optional.empty());

    private final SettableClock clock = new SettableClock();
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final AtomicInteger authentications = new AtomicInteger();
    private Optional<ZoomInfoException> failure = Optional.empty();
    private Duration life = Duration.ofMinutes(60);
    private final TokenHolder holder = TokenFixture.holder(this::authenticate, () -> CREDENTIALS,
            new MemoryTokenTable(clock), clock, background::add);

    @Test
    void aTokenIsKeptUntilMostOfItsLifeIsOverAndThenRenewedWhileTheOldOneServes() throws Exception {
        String first = holder.current();
        clock.advance(Duration.ofMinutes(47));
        assertThat(holder.current()).isEqualTo(first);
        assertThat(background).isEmpty();

        clock.advance(Duration.ofMinutes(2));
        assertThat(holder.current()).isEqualTo(first);
        assertThat(holder.current()).isEqualTo(first);
        assertThat(background).hasSize(1);
        background.remove().run();

        assertThat(holder.current()).isNotEqualTo(first);
        assertThat(authentications).hasValue(2);
    }

    @Test
    void aTokenWithoutAnExpiryLivesAnHour() throws Exception {
        life = null;
        String first = holder.current();
        clock.advance(Duration.ofMinutes(61));
        assertThat(holder.current()).isNotEqualTo(first);
    }

    @Test
    void aTokenThatSaysItLivesForAgesIsRenewedWithinADay() throws Exception {
        life = Duration.ofDays(2_000_000);
        String first = holder.current();
        clock.advance(Duration.ofHours(25));
        assertThat(holder.current()).isNotEqualTo(first);
    }

    @Test
    void aRefusedTokenThatSomebodyHasReplacedIsNotReplacedAgain() throws Exception {
        String refused = holder.current();
        String fresh = holder.renew(refused);
        assertThat(holder.renew(refused)).isEqualTo(fresh).isNotEqualTo(refused);
        assertThat(authentications).hasValue(2);
    }

    @Test
    void refusedCredentialsAreNotTriedAgainAtOnceAndTheStatusSaysWhy() throws Exception {
        failure = Optional.of(new ZoomInfoException(FailureClass.INVALID_REQUEST, 400, "missing username", Optional.of("r"),
                "s", List.of()));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(holder::current).isInstanceOfSatisfying(ZoomInfoException.class,
                    e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.UNAUTHENTICATED));
        }
        assertThat(authentications).hasValue(1);
        assertThat(holder.status().state()).isEqualTo(TokenStatus.State.FAILED);
        assertThat(holder.status().problem()).contains("missing username");
        assertThat(new ZoomInfoAuthenticationCheck(holder).call().getStatus().name()).isEqualTo("DOWN");

        failure = Optional.empty();
        clock.advance(Duration.ofSeconds(31));
        assertThat(holder.current()).isNotBlank();
        assertThat(new ZoomInfoAuthenticationCheck(holder).call().getStatus().name()).isEqualTo("UP");
    }

    @Test
    void aFailedRenewalAheadKeepsTheOldTokenInUse() throws Exception {
        String first = holder.current();
        clock.advance(Duration.ofMinutes(50));
        failure = Optional.of(new ZoomInfoException(FailureClass.TRANSIENT, "down", "s"));
        holder.current();
        background.remove().run();

        assertThat(holder.current()).isEqualTo(first);
        assertThat(background).isEmpty();
    }

    @Test
    void missingCredentialsAreNamed() {
        TokenHolder without = TokenFixture.holder(this::authenticate, () -> {
            throw new IllegalArgumentException("not configured: zoominfo.username");
        }, new MemoryTokenTable(clock), clock, background::add);
        assertThatThrownBy(without::current).hasMessage("not configured: zoominfo.username");
    }

    private String authenticate(Credentials credentials) throws ZoomInfoException {
        int count = authentications.incrementAndGet();
        if (failure.isPresent()) {
            throw failure.get();
        }
        String claims = life == null ? "{\"n\":" + count + "}"
                : "{\"n\":" + count + ",\"exp\":" + clock.instant().plus(life).getEpochSecond() + "}";
        return "h." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes()) + ".s";
    }
}
