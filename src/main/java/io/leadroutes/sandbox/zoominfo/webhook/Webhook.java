package io.leadroutes.sandbox.zoominfo.webhook;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One webhook of the account. For one thread. */
final class Webhook {

    /** What it is told of: an object type, and whether whole records or the identifying fields alone. */
    static final class Subscription {
        final String id;
        final Instant created;
        Instant modified;
        String objectType;
        boolean fullPayload;

        Subscription(String id, Instant created, String objectType, boolean fullPayload) {
            this.id = id;
            this.created = created;
            this.modified = created;
            this.objectType = objectType;
            this.fullPayload = fullPayload;
        }
    }

    final String id;
    final Instant created;
    final List<Subscription> subscriptions = new ArrayList<>();
    String title;
    boolean enabled;
    String targetUrl;
    String token;

    Webhook(String id, Instant created, String title, boolean enabled, String targetUrl, String token) {
        this.id = id;
        this.created = created;
        this.title = title;
        this.enabled = enabled;
        this.targetUrl = targetUrl;
        this.token = token;
    }
}
