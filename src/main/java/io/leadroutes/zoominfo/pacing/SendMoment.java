package io.leadroutes.zoominfo.pacing;

import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.Header;

/**
 * Sets up the HTTP client of the tiers. Its last request interceptor runs when the connection is open and before
 * the request is written (HttpClient 5, {@code MainClientExec}), and so tells when a call truly leaves. The client
 * repeats nothing, follows nothing and keeps no cookie: each of those would be a call without a slot.
 */
@Singleton
@Named("zoominfoHttpClient")
@Unremovable
public class SendMoment implements HttpClientConfigurer {

    private final Pacing pacing;

    @Inject
    SendMoment(Pacing pacing) {
        this.pacing = pacing;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.disableAutomaticRetries().disableRedirectHandling().disableCookieManagement().disableAuthCaching()
                .addRequestInterceptorLast((request, entity, context) -> {
                    Header departure = request.getFirstHeader(Pacing.DEPARTURE_HEADER);
                    if (departure != null) {
                        request.removeHeaders(Pacing.DEPARTURE_HEADER);
                        pacing.sent(departure.getValue());
                    }
                });
    }
}
