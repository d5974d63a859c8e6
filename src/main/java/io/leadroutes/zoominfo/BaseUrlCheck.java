package io.leadroutes.zoominfo;

import io.leadroutes.secret.Loopback;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Refuses a start that would send tokens in the clear. */
@Singleton
class BaseUrlCheck {

    private static final int EXIT_CODE = 2;
    private static final Set<String> PLAIN_ALLOWED = Set.of("dev", "test", "sandbox");

    void onStart(@Observes @Priority(10) StartupEvent event, ZoomInfoConfig config) {
        List<String> profiles = ConfigUtils.getProfiles();
        problem(config.baseUrl(), profiles).ifPresent(problem -> {
            // As a cause, because Quarkus prints it then without a stack trace.
            throw new IllegalStateException(
                    new PreventFurtherStepsException("LeadRoutes does not start: " + problem, EXIT_CODE));
        });
    }

    /** What is wrong with the address under these profiles, if anything is. */
    static Optional<String> problem(String baseUrl, Collection<String> profiles) {
        URI uri;
        try {
            uri = URI.create(baseUrl.strip());
        } catch (IllegalArgumentException e) {
            return Optional.of("zoominfo.base-url is not a URL");
        }
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        boolean http = "http".equalsIgnoreCase(uri.getScheme());
        if (!https && !http || uri.getHost() == null || uri.getUserInfo() != null || uri.getRawQuery() != null) {
            return Optional.of("zoominfo.base-url must be https://<host>, without user name and query");
        }
        if (http && !Loopback.is(uri.getHost()) && profiles.stream().noneMatch(PLAIN_ALLOWED::contains)) {
            return Optional.of("zoominfo.base-url must be https; http is for the sandbox on this machine");
        }
        return Optional.empty();
    }
}
