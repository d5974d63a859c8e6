package io.leadroutes.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys {@code zoominfo.webhook.*}. */
@ConfigMapping(prefix = "zoominfo.webhook")
public interface WebhookConfig {

    /** Where ZoomInfo reaches {@code POST /webhooks/zoominfo} of this application; without it there are no webhooks. */
    Optional<String> url();

    /** By this title ours are told from the other webhooks of the account. */
    @WithDefault("LeadRoutes")
    String title();

    /** {@code Contact}, {@code Company} or both. */
    @WithDefault("Contact,Company")
    List<String> objects();

    /** Whether deliveries carry whole records; else what changed is fetched, which costs calls but no credits. */
    @WithDefault("true")
    boolean fullPayload();

    /** Age at which the verification token is rotated. */
    @WithDefault("30d")
    Duration rotateAfter();

    /** How long the token before is still taken after a rotation. */
    @WithDefault("1h")
    Duration rotationGrace();

    /** Read by the route {@code zoominfo-webhook-reconcile}; here so that the key is known and checked at start. */
    @WithDefault("10m")
    Duration reconcileEvery();

    /** Bytes of the largest delivery that is taken. */
    @WithDefault("2000000")
    int maxBodyBytes();

    /** Within this time an equal delivery is a repetition; later it tells of a new change. */
    @WithDefault("1h")
    Duration repeatWindow();
}
