package io.leadroutes.zoominfo.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.apache.camel.CamelContext;

/** Makes the beans of this package without a container. */
public final class TokenFixture {

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
        ObjectMapper json = new ObjectMapper();
        return new TokenHolder(new AuthRoute(camel, json), () -> credentials, json, Clock.systemUTC(), () -> 0.5,
                ForkJoinPool.commonPool());
    }
}
