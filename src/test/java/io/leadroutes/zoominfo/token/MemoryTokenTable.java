package io.leadroutes.zoominfo.token;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** The shared token for tests that are not about the database. */
final class MemoryTokenTable implements TokenTable {

    private final Clock clock;
    private long version;
    private Optional<byte[]> sealed = Optional.empty();
    private Instant expires = Instant.MIN;
    private Instant renewal = Instant.MIN;
    private Optional<Refusal> refusal = Optional.empty();
    private Instant refusedUntil = Instant.MIN;
    private Optional<UUID> renewer = Optional.empty();

    MemoryTokenTable(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Row read(String account) {
        Instant now = clock.instant();
        boolean valid = now.isBefore(expires);
        return new Row(version, valid ? sealed : Optional.empty(),
                valid ? Duration.between(now, expires) : Duration.ZERO,
                valid ? Duration.between(now, renewal) : Duration.ZERO,
                refusal.filter(each -> now.isBefore(refusedUntil)));
    }

    @Override
    public synchronized boolean lease(String account, UUID wanted, long known, byte[] fingerprint) {
        boolean refused = refusal.filter(each -> clock.instant().isBefore(refusedUntil))
                .filter(each -> Arrays.equals(each.fingerprint(), fingerprint)).isPresent();
        if (known != version || refused || renewer.filter(each -> !each.equals(wanted)).isPresent()) {
            return false;
        }
        renewer = Optional.of(wanted);
        return true;
    }

    @Override
    public void extend(String account, UUID wanted) {
        // A lease here has no end.
    }

    @Override
    public synchronized boolean store(String account, UUID wanted, long fresh, byte[] token, Duration left,
            Duration untilRenewal) {
        version = fresh;
        sealed = Optional.of(token);
        expires = clock.instant().plus(left);
        renewal = clock.instant().plus(untilRenewal);
        refusal = Optional.empty();
        renewer = Optional.empty();
        return true;
    }

    @Override
    public synchronized void release(String account, UUID wanted) {
        renewer = Optional.empty();
    }

    @Override
    public synchronized void refuse(String account, UUID wanted, Refusal why, Duration holdOff) {
        renewer = Optional.empty();
        refusal = Optional.of(why);
        refusedUntil = clock.instant().plus(holdOff);
    }
}
