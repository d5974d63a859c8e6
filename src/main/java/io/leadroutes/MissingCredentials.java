package io.leadroutes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** Names every credential that is needed and not configured. */
final class MissingCredentials {

    /** These are no secrets and are not read from a file. */
    private static final Set<String> NO_FILE = Set.of("zoominfo.username", "zoominfo.client-id");

    private final Config config;
    private final List<String> missing = new ArrayList<>();

    private MissingCredentials(Config config) {
        this.config = config;
    }

    /** One line a missing key, with what else would do; empty when the application can log in everywhere. */
    static List<String> of(Config config) {
        return new MissingCredentials(config).find();
    }

    private List<String> find() {
        need("zoominfo.username");
        if (!has("zoominfo.private-key") && !has("zoominfo.password")) {
            missing.add("zoominfo.password (or zoominfo.client-id with zoominfo.private-key)");
        } else if (has("zoominfo.private-key")) {
            need("zoominfo.client-id");
        }
        need("salesforce.client-id");
        if (has("salesforce.private-key")) {
            need("salesforce.username");
        } else {
            if (!has("salesforce.client-secret")) {
                missing.add("salesforce.client-secret (or salesforce.username with salesforce.private-key)");
            }
            if (has("salesforce.username") && !has("salesforce.password")) {
                missing.add("salesforce.password (goes with salesforce.username)");
            }
        }
        return missing;
    }

    private void need(String key) {
        if (!has(key)) {
            missing.add(key);
        }
    }

    private boolean has(String key) {
        return given(key) || !NO_FILE.contains(key) && given(key + "-file");
    }

    private boolean given(String key) {
        return config.getOptionalValue(key, String.class).filter(value -> !value.isBlank()).isPresent();
    }
}
