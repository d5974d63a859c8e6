package io.leadroutes.zoominfo.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.secret.PrivateKeys;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.TierCall;
import io.leadroutes.zoominfo.ZoomInfoException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** Authenticates through {@code direct:zoominfo-auth}, so that its throttle holds. */
@Singleton
class AuthRoute implements AuthCall {

    private final CamelContext camel;
    private final ObjectMapper json;
    private final Clock clock;

    @Inject
    AuthRoute(CamelContext camel, ObjectMapper json) {
        this(camel, json, Clock.systemUTC());
    }

    AuthRoute(CamelContext camel, ObjectMapper json, Clock clock) {
        this.camel = camel;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public String authenticate(Credentials credentials) throws ZoomInfoException {
        // Read before anything is sent: a broken key is our own mistake.
        String clientToken = credentials.privateKey()
                .map(key -> Jwts.clientToken(json, credentials.username(), credentials.clientId().orElseThrow(),
                        PrivateKeys.read("zoominfo.private-key", key), clock.instant()))
                .orElse("");
        try (ProducerTemplate template = camel.createProducerTemplate()) {
            Exchange answer = template.request("direct:zoominfo-auth", exchange -> {
                exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "POST");
                exchange.getMessage().setHeader(Exchange.HTTP_PATH, "/authenticate");
                if (clientToken.isEmpty()) {
                    exchange.getMessage().setBody(Map.of("username", credentials.username(), "password",
                            credentials.password().orElseThrow()));
                } else {
                    exchange.setProperty(TierCall.CLIENT_TOKEN, clientToken);
                    exchange.getMessage().setBody(Map.of());
                }
            });
            Exception failure = answer.getException();
            if (failure instanceof ZoomInfoException known) {
                throw known;
            }
            if (failure != null) {
                ZoomInfoException unknown = new ZoomInfoException(FailureClass.TRANSIENT,
                        "The authentication route failed: " + failure.getClass().getSimpleName(), "");
                unknown.initCause(failure);
                throw unknown;
            }
            if (answer.getMessage().getBody() instanceof Map<?, ?> body && body.get("jwt") instanceof String jwt
                    && !jwt.isBlank()) {
                return jwt;
            }
            throw new ZoomInfoException(FailureClass.PROTOCOL, "The answer to the authentication holds no jwt", "");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
