package io.leadroutes.zoominfo.pacing;

import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Sets up the HTTP client of the tiers. Its request executor runs when the connection is open and writes the request
 * (HttpClient 5, {@code MainClientExec}): there a call waits for its moment, and there it shows when it truly left.
 * The client repeats nothing, follows nothing and keeps no cookie: each of those would be a call without a slot.
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
                .setRequestExecutor(new PacedExecutor());
    }

    private final class PacedExecutor extends HttpRequestExecutor {

        @Override
        public ClassicHttpResponse execute(ClassicHttpRequest request, HttpClientConnection connection,
                HttpResponseInformationCallback information, HttpContext context) throws IOException, HttpException {
            Header departure = request.getFirstHeader(Pacing.DEPARTURE_HEADER);
            if (departure == null) {
                return super.execute(request, connection, information, context);
            }
            request.removeHeaders(Pacing.DEPARTURE_HEADER);
            pacing.leave(departure.getValue());
            return super.execute(request, watched(connection, departure.getValue()), information, context);
        }

        /** Flushing puts the request on its way. */
        private HttpClientConnection watched(HttpClientConnection connection, String key) {
            return (HttpClientConnection) Proxy.newProxyInstance(HttpClientConnection.class.getClassLoader(),
                    new Class<?>[] {HttpClientConnection.class}, (proxy, method, arguments) -> {
                        try {
                            Object result = method.invoke(connection, arguments);
                            if (method.getName().equals("flush")) {
                                pacing.written(key);
                            }
                            return result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
