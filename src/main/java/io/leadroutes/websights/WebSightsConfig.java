package io.leadroutes.websights;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys {@code websights.*}. */
@ConfigMapping(prefix = "websights")
public interface WebSightsConfig {

    /** Whether visits are taken at {@code /websights/visits} and {@code /websights/pixel.gif}. */
    @WithDefault("false")
    boolean enabled();

    /** Addresses and networks of our own proxies and web servers, whose word about the visitor's address is taken. */
    Optional<List<String>> trustedProxies();

    /** Origins of our web sites, for the browser; a request of another origin is refused. Without any all may send. */
    Optional<List<String>> allowedOrigins();

    /** Visits a second that one process takes; what is beyond is refused with 429. */
    @WithDefault("200")
    int requestsPerSecond();

    /** How sure ZoomInfo must be that an address belongs to a company, 0 to 1. */
    @WithDefault("0.5")
    double confidenceFloor();

    /** What a view of a page counts, {@code pattern=weight} with {@code *} in the pattern; the first that fits. */
    @WithDefault("/pricing*=5,/demo*=8,/careers*=0,*=1")
    List<String> pageWeights();

    /** Share of its score that a day's visit keeps each day, 0 to 1. */
    @WithDefault("0.9")
    double dailyDecay();

    /** Score from which a company is a signal. */
    @WithDefault("10")
    double threshold();

    /** Days for which a company has one signal, which grows. */
    @WithDefault("7")
    int periodDays();

    /** How long the address of a visitor is kept, at least until ZoomInfo was asked. */
    @WithDefault("P1D")
    Duration keepAddress();

    /** How long visits count, and how long the sums of a company are kept. */
    @WithDefault("P30D")
    Duration keepVisits();
}
