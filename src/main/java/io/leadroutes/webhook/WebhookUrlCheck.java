package io.leadroutes.webhook;

import io.leadroutes.secret.Loopback;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Refuses a start with webhooks that ZoomInfo could never deliver, or would deliver in the clear. */
@Singleton
class WebhookUrlCheck {

    private static final int EXIT_CODE = 2;

    void onStart(@Observes @Priority(10) StartupEvent event, WebhookConfig config) {
        problem(config.url().filter(url -> !url.isBlank()), config.objects()).ifPresent(problem -> {
            // As a cause, because Quarkus prints it then without a stack trace.
            throw new IllegalStateException(
                    new PreventFurtherStepsException("LeadRoutes does not start: " + problem, EXIT_CODE));
        });
    }

    /** What is wrong with address and object types, if anything is. */
    static Optional<String> problem(Optional<String> url, List<String> objects) {
        if (url.isEmpty()) {
            return Optional.empty();
        }
        if (objects.isEmpty() || objects.stream().map(String::strip)
                .anyMatch(object -> !object.equals("Contact") && !object.equals("Company"))) {
            return Optional.of("zoominfo.webhook.objects must be Contact, Company or both, separated by a comma");
        }
        URI uri;
        try {
            uri = URI.create(url.get().strip());
        } catch (IllegalArgumentException e) {
            return Optional.of("zoominfo.webhook.url is not a URL");
        }
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        boolean http = "http".equalsIgnoreCase(uri.getScheme());
        if (uri.getHost() == null || !https && !(http && Loopback.is(uri.getHost()))) {
            return Optional.of("zoominfo.webhook.url must be https://<host>/webhooks/zoominfo; "
                    + "http is for a sandbox on this machine");
        }
        return Optional.empty();
    }
}
