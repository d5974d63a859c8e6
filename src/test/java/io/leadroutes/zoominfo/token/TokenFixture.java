package io.leadroutes.zoominfo.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** Makes the beans of this package without a container. */
public final class TokenFixture {

    /** The price of a guess is not what these tests are about. */
    static final int FEW_ROUNDS = 10;

    private TokenFixture() {
    }

    public static TokenHolder byPassword(CamelContext camel) {
        return byPassword(camel, "user@example.com", "secret");
    }

    public static TokenHolder byPassword(CamelContext camel, String username, String password) {
        return holder(camel, new Credentials(username, Optional.of(password), Optional.empty(), Optional.empty()));
    }

    public static TokenHolder byKey(CamelContext camel, String pem) {
        return byKey(camel, "user@example.com", "client", pem);
    }

    public static TokenHolder byKey(CamelContext camel, String username, String clientId, String pem) {
        return holder(camel, new Credentials(username, Optional.empty(), Optional.of(clientId), Optional.of(pem)));
    }

    private static TokenHolder holder(CamelContext camel, Credentials credentials) {
        Clock clock = Clock.systemUTC();
        return holder(new AuthRoute(camel, new ObjectMapper()), () -> credentials, new MemoryTokenTable(clock), clock,
                ForkJoinPool.commonPool());
    }

    /** One replica's holder before a shared token. */
    static TokenHolder holder(AuthCall auth, Supplier<Credentials> credentials, TokenTable table, Clock clock,
            Executor background) {
        return new TokenHolder(new SharedToken(auth, credentials, new ObjectMapper(), table,
                new TokenSeal("test", FEW_ROUNDS), "test", clock, () -> 0.5), clock, background);
    }
}
