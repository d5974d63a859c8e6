package io.leadroutes.zoominfo;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The keys {@code zoominfo.*}. */
@ConfigMapping(prefix = "zoominfo")
public interface ZoomInfoConfig {

    /** Where the API is; https outside the profiles dev, test and sandbox. */
    @WithDefault("https://api.zoominfo.com")
    String baseUrl();

    Optional<String> username();

    Optional<String> password();

    /** A file that holds the password. */
    Optional<String> passwordFile();

    /** Client id of the key pair (PKI). */
    Optional<String> clientId();

    /** The private key of the key pair, PKCS#8 PEM; preferred to the password when set. */
    Optional<String> privateKey();

    /** A file that holds the private key. */
    Optional<String> privateKeyFile();

    Tiers tier();

    Pacing pacing();

    Retry retry();

    Lookup lookup();

    Search search();

    Limits limits();

    Pause pause();

    Bulk bulk();

    /** {@code fast}, {@code balanced} or {@code thrifty}; read by the enrichment stage. */
    @WithDefault("balanced")
    Batching batching();

    /** How long a call that is not full may wait for more leads while another is in flight. */
    enum Batching {
        FAST(0, 0), BALANCED(0.5, 300), THRIFTY(2, 2_000);

        private final double lingerSeconds;
        private final long spacingMillis;

        Batching(double lingerSeconds, long spacingMillis) {
            this.lingerSeconds = lingerSeconds;
            this.spacingMillis = spacingMillis;
        }

        /** How far apart calls leave that are not full, so that quick answers do not make for many small calls. */
        long spacingNanos() {
            return TimeUnit.MILLISECONDS.toNanos(spacingMillis);
        }

        double lingerSeconds() {
            return lingerSeconds;
        }
    }

    /** Credits that may be spent; work that it does not cover waits. Without it there is no budget. */
    Optional<Long> creditBudget();

    Credits credits();

    Redeemed redeemed();

    /** Budgets besides {@code zoominfo.credit-budget}. */
    interface Credits {
        /** Credits of one day. */
        Optional<Long> perDay();

        /** Share of the budgets of all sources together that only live leads may use. */
        @WithDefault("0.1")
        double liveShare();

        /** Where the day begins at midnight. */
        @WithDefault("UTC")
        ZoneId zone();

        /** Budgets of single sources. */
        Map<String, OfSource> source();

        /** The budgets of a source of leads, or of {@code bulk} or {@code prospect}. */
        interface OfSource {
            Optional<Long> budget();

            Optional<Long> perDay();
        }
    }

    /** People who were paid for. */
    interface Redeemed {
        /** How old ZoomInfo's answer may be to be given to a further lead of the person without a call; 0 for never. */
        @WithDefault("365d")
        Duration answerMaxAge();
    }

    /** The limits of the account (ZoomInfo API overview, rate and usage limits). */
    interface Tiers {
        AuthTier auth();

        StandardTier standard();

        ScalingTier scaling();

        /** Name of the tier → requests a minute. The limit a second stands at the throttle of the tier's route. */
        default Map<String, Double> requestsPerMinute() {
            return Map.of("auth", auth().requestsPerMinute(), "standard", standard().requestsPerMinute(),
                    "scaling", scaling().requestsPerMinute());
        }

        /** Name of the tier → requests a second; the route of the tier reads the same key. */
        default Map<String, Double> requestsPerSecond() {
            return Map.of("auth", auth().requestsPerSecond(), "standard", standard().requestsPerSecond(),
                    "scaling", scaling().requestsPerSecond());
        }

        /** Name of the tier → further windows as they stand in the configuration. */
        default Map<String, Optional<List<String>>> windows() {
            return Map.of("auth", auth().windows(), "standard", standard().windows(), "scaling", scaling().windows());
        }
    }

    /** Requests a second of 0 switch pacing off. */
    interface AuthTier {
        @WithDefault("1")
        double requestsPerSecond();

        @WithDefault("60")
        double requestsPerMinute();

        /** Further windows, {@code 54000/1h}. */
        Optional<List<String>> windows();
    }

    interface StandardTier {
        @WithDefault("25")
        double requestsPerSecond();

        @WithDefault("1500")
        double requestsPerMinute();

        /** Further windows, {@code 54000/1h}. */
        Optional<List<String>> windows();
    }

    interface ScalingTier {
        @WithDefault("33")
        double requestsPerSecond();

        @WithDefault("2000")
        double requestsPerMinute();

        /** Further windows, {@code 54000/1h}. */
        Optional<List<String>> windows();
    }

    interface Pacing {
        /** Share by which calls are spaced wider than the limit demands; after a 429 it grows, never falling below this. */
        @WithDefault("0.01")
        double guard();
    }

    /** Read by {@code routes/shared/zoominfo-caller}; here so that the keys are known and checked at start. */
    interface Retry {
        /** Milliseconds before the first repeat of a call. */
        @WithDefault("200")
        long delay();

        /** Repeats of a call that was not answered. */
        @WithDefault("5")
        int unreachable();

        /** Repeats of a call that was answered with an error of the server, or with something unreadable. */
        @WithDefault("2")
        int failing();
    }

    /** Bulk refreshes; {@code docs/operations.md} tells how they go. */
    interface Bulk {
        /** Records in one bulk job; ZoomInfo takes at most 10,000. */
        @WithDefault("10000")
        int jobSize();

        /** Jobs of ours that may be active at ZoomInfo at once; the account may have 5. */
        @WithDefault("5")
        int activeJobs();

        /** While more CRM updates than this are waiting, no page is fetched and no job submitted. */
        @WithDefault("20000")
        int queueLimit();

        /** How often the status of a job is asked for. */
        @WithDefault("2s")
        Duration poll();

        /** How long ZoomInfo keeps a job. */
        @WithDefault("24h")
        Duration jobLife();

        /** After how long a job is submitted anew of which it is not known whether it was submitted. */
        @WithDefault("24h")
        Duration doubt();

        /** Whether free previews tell the price of records that are not under management. */
        @WithDefault("true")
        boolean preview();

        /** Milliseconds between two rounds of work; read by {@code routes/jobs/bulk-refresh}. */
        @WithDefault("500")
        long round();

        /** Milliseconds between two lines of progress in the log; read by {@code routes/jobs/bulk-refresh-progress}. */
        @WithDefault("30000")
        long progress();
    }

    /** How long nothing is sent to ZoomInfo until one call finds out whether it can be used again. */
    interface Pause {
        /** After an outage was noticed; doubled with each probe that fails. */
        @WithDefault("5s")
        Duration outage();

        /** The longest that an outage's pause grows to. */
        @WithDefault("30s")
        Duration outageMost();

        /** When the account may not go on: quota, licence, credentials; doubled with each probe that fails. */
        @WithDefault("1m")
        Duration account();

        /** The longest that such a pause grows to. */
        @WithDefault("15m")
        Duration accountMost();
    }

    interface Lookup {
        /** How long the answers of look-ups are believed: enumerations, and the fields that the account may have. */
        @WithDefault("12h")
        Duration cache();
    }

    interface Search {
        /** Where ZoomInfo ends the pages of a search. */
        @WithDefault("1000")
        int paginationCap();

        /** What the cap counts; what is published can be read either way. */
        @WithDefault("pages")
        CapCounts paginationCapCounts();
    }

    /** What the pagination cap counts. */
    enum CapCounts {
        PAGES, RECORDS
    }

    interface Limits {
        /** Used share of a limit from which on bulk, prospect and WebSights work stands back. */
        @WithDefault("0.9")
        double backgroundStop();

        /** How often {@code /lookup/usage} is read; by {@code routes/jobs/zoominfo-usage-watch}. */
        @WithDefault("5m")
        Duration watch();
    }
}
