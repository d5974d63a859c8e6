package io.leadroutes.compliance;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The keys {@code compliance.*}. */
@ConfigMapping(prefix = "compliance")
public interface ComplianceConfig {

    /** Key of the hashes by which suppressed persons are recognised, at least 16 characters. */
    Optional<String> hashKey();

    /** A file that holds the key. */
    Optional<String> hashKeyFile();

    /** How old ZoomInfo's last word on a person may be when a record is written. */
    @WithDefault("24h")
    Duration maxAge();

    /** How often ZoomInfo is asked about everybody whom we know; 0 for never. */
    @WithDefault("24h")
    Duration sweepEvery();

    /** Whether the gate before each write asks ZoomInfo about persons whose last check is older than that. */
    @WithDefault("true")
    boolean askZoominfo();
}
