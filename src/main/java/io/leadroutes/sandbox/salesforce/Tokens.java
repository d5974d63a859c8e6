package io.leadroutes.sandbox.salesforce;

import io.leadroutes.sandbox.control.SandboxTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Access tokens that were given out. */
final class Tokens {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";

    private record Session(String userId, Instant expires) {
    }

    private final SandboxTime time;
    private final Supplier<Duration> life;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final AtomicLong issued = new AtomicLong();

    Tokens(SandboxTime time, Supplier<Duration> life) {
        this.time = time;
        this.life = life;
    }

    String issue(String userId) {
        StringBuilder token = new StringBuilder(SalesforceSandbox.ORGANISATION.substring(0, 15)).append('!');
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < 80; i++) {
            token.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        issued.incrementAndGet();
        sessions.put(token.toString(), new Session(userId, time.now().plus(life.get())));
        return token.toString();
    }

    /** The user of a token that is in force. */
    Optional<String> user(String token) {
        Session session = sessions.get(token);
        return session == null || !time.now().isBefore(session.expires()) ? Optional.empty()
                : Optional.of(session.userId());
    }

    boolean revoke(String token) {
        return sessions.remove(token) != null;
    }

    void expireAll() {
        sessions.clear();
    }

    long issued() {
        return issued.get();
    }

    void reset() {
        sessions.clear();
        issued.set(0);
    }
}
