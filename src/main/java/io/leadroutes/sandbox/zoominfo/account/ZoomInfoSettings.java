package io.leadroutes.sandbox.zoominfo.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.leadroutes.sandbox.control.Setting;
import io.leadroutes.sandbox.control.SettingException;
import io.leadroutes.sandbox.control.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The settings of the ZoomInfo stand-in; docs/sandbox.md has the table. */
public final class ZoomInfoSettings {

    /** A sliding log remembers every call of its window. */
    private static final long MOST_IN_WINDOW = 5_000_000;
    private static final long MOST_SECONDS = TimeUnit.DAYS.toSeconds(366);

    public final Settings all = new Settings();

    public final Setting<String> windowModel = all.choice("windowModel", RateLimit.MODELS);
    public final Setting<Boolean> rateEnforced = all.flag("limits.enforced", true);
    public final TierSettings auth = tier("auth", 1, 0);
    public final TierSettings standard = tier("standard", 25, 1_500);
    public final TierSettings scaling = tier("scaling", 33, 2_000);
    public final Setting<Boolean> retryAfter = all.flag("limits.retryAfterHeader", false);

    public final Setting<Boolean> usageEnforced = all.flag("usage.enforced", true);
    public final Setting<Long> requestLimit = all.number("usage.requestLimit", 10_000_000, 0);
    public final Setting<Long> recordLimit = all.number("usage.recordLimit", 10_000_000, 0);
    public final Setting<Long> uniqueIdLimit = all.number("usage.uniqueIdLimit", 100_000, 0);
    public final Setting<Long> webSightsRequestLimit = all.number("usage.webSightsApiRequestLimit", 100_000_000, 0);
    public final Setting<Long> webSightsRecordLimit = all.number("usage.webSightsApiRecordLimit", 10_000_000, 0);
    public final Setting<String> usageLimitName = all.choice("usage.limitName", List.of("limit", "totalLimit"));

    public final Setting<Long> tokenLifetimeSeconds = all.number("tokenLifetimeSeconds", 3_600, 0);
    public final Setting<Boolean> successBesideJwt = all.flag("auth.successBesideJwt", false);
    public final Setting<Boolean> accountHasRoles = all.flag("auth.accountHasRoles", true);
    public final Setting<Boolean> apiAccess = all.flag("auth.apiAccess", true);

    public final Setting<Set<String>> disallowedFields = all.strings("disallowedFields", List.of("techSkills", "engagements"));
    public final Setting<String> disallowedAnswer = all.choice("disallowedAnswer", List.of("400", "403"));
    public final Setting<Set<String>> deniedEndpoints = all.strings("deniedEndpoints", List.of());

    public final Setting<String> errorShape = all.choice("errors.shape", ApiError.SHAPES);
    public final Setting<Long> tooLargeBytes = all.number("errors.tooLargeBytes", 10_000_000, 1);

    public final Setting<Boolean> matchStatus = all.flag("enrich.matchStatus", true);
    public final Setting<Boolean> partialMatches = all.flag("enrich.partialMatches", true);
    public final Setting<Long> tooManyInputsStatus = all.number("enrich.tooManyInputsStatus", 400, 400);
    public final Setting<String> resultOrder = all.choice("enrich.resultOrder", List.of("input", "reversed", "shuffled"));

    public final Setting<Boolean> webSightsWithholdsLowConfidence = all.flag("webSights.withholdLowConfidence", true);

    public final Setting<String> totalResults = all.choice("search.totalResults", List.of("page", "overall"));
    public final Setting<Long> paginationCap = all.number("search.paginationCap", 1_000, 1);
    public final Setting<String> paginationCapCounts = all.choice("search.paginationCapCounts", List.of("pages", "records"));
    public final Setting<Boolean> duplicatesBetweenPages = all.flag("search.duplicatesBetweenPages", false);
    public final Setting<String> unknownValues = all.choice("search.unknownValues", List.of("empty", "400"));
    public final Setting<Set<String>> disallowedCriteria = all.strings("search.disallowedCriteria",
            List.of("techSkills", "engagementStartDate", "engagementEndDate", "engagementType"));
    public final Setting<Long> searchTooLarge = all.number("search.tooLarge", 0, 0);
    public final Setting<Long> newsMostPerPage = all.number("news.mostPerPage", 100, 1);
    /** The intent topics the account has subscribed to; most of those there are. */
    public final Setting<Set<String>> intentTopics = all.strings("intent.topics", List.of("Mobile Security",
            "Endpoint Security", "Cloud Security", "Identity and Access Management (IAM)", "Zero Trust",
            "Customer Relationship Management (CRM)", "Sales Engagement", "Sales Intelligence", "Lead Generation",
            "Marketing Automation", "Account-Based Marketing (ABM)", "Cloud Migration", "Data Warehouse",
            "Business Intelligence", "Data Integration", "DevOps", "Human Capital Management (HCM)", "Payroll",
            "Enterprise Resource Planning (ERP)", "Supply Chain Management", "Web Analytics", "Help Desk"));
    public final Setting<String> accessGranted = all.choice("lookup.accessGranted", List.of("string", "boolean"));
    public final Setting<Long> bulkPageSize = all.number("bulk.pageSize", 1_000, 1);
    public final Setting<Long> bulkPageMillis = all.number("bulk.pageMillis", 200, 0);
    public final Setting<Long> bulkActiveJobs = all.number("bulk.activeJobs", 5, 1);
    public final Setting<Long> bulkNewJobsPerSecond = all.number("bulk.newJobsPerSecond", 1, 0);
    public final Setting<Long> bulkTooManyJobsStatus = all.number("bulk.tooManyJobsStatus", 429, 400);
    public final Setting<Long> bulkLifeSeconds = all.number("bulk.lifeSeconds", 86_400, 1);
    public final Setting<Long> bulkMostInputs = all.number("bulk.mostInputs", 10_000, 1);
    public final Setting<Long> bulkMostRecords = all.number("bulk.mostRecords", 200_000, 1);
    public final Setting<String> bulkStatusCase = all.choice("bulk.statusCase", List.of("upper", "mixed"));
    public final Setting<String> usageHeaderCase = all.choice("headers.usageCase", List.of("mixed", "lower"));

    public final Setting<Long> changesPerMinute = all.number("changes.perMinute", 0, 0);
    public final Setting<Boolean> webhooksAllowHttp = all.flag("webhooks.allowHttp", true);
    public final Setting<Boolean> webhooksAnyHost = all.flag("webhooks.anyHost", false);
    public final Setting<Long> webhooksAttempts = all.number("webhooks.attempts", 6, 1);
    public final Setting<Long> webhooksFirstDelayMillis = all.number("webhooks.firstDelayMillis", 1_000, 1);
    public final Setting<Long> webhooksTimeoutMillis = all.number("webhooks.timeoutMillis", 10_000, 1);
    public final Setting<Long> webhooksConcurrency = all.number("webhooks.concurrency", 8, 1);
    public final Setting<Long> webhooksRecordsPerDelivery = all.number("webhooks.recordsPerDelivery", 25, 1);
    public final Setting<Double> webhooksDuplicateRate = all.define("webhooks.duplicateRate", DoubleNode.valueOf(0), node -> {
        if (!node.isNumber() || node.asDouble() < 0 || node.asDouble() > 1) {
            throw new SettingException("a number from 0 to 1 is wanted, not " + node);
        }
        return node.asDouble();
    });
    public final Setting<String> webhooksIds = all.choice("webhooks.ids", List.of("number", "string"));
    public final Setting<Boolean> webhooksValidateWithToken = all.flag("webhooks.validateWithToken", true);

    /**
     * The limits of one tier; 0 is none.
     *
     * @param windows          beside the second and the minute
     * @param foreignPerSecond what somebody else uses of it
     */
    public record TierSettings(String name, Setting<Long> perSecond, Setting<Long> perMinute,
            Setting<List<RateLimit.Limit>> windows, Setting<Long> foreignPerSecond) {
    }

    private TierSettings tier(String name, long perSecond, long perMinute) {
        String prefix = "limits." + name + ".";
        return new TierSettings(name, all.number(prefix + "perSecond", perSecond, 0),
                all.number(prefix + "perMinute", perMinute, 0),
                all.define(prefix + "windows", JsonNodeFactory.instance.arrayNode(), ZoomInfoSettings::windows),
                all.number(prefix + "foreignPerSecond", 0, 0));
    }

    private static List<RateLimit.Limit> windows(JsonNode node) {
        if (!node.isArray()) {
            throw new SettingException("a list of windows {\"limit\":54000,\"seconds\":3600} is wanted, not " + node);
        }
        List<RateLimit.Limit> windows = new ArrayList<>();
        for (JsonNode each : node) {
            long limit = each.path("limit").asLong();
            long seconds = each.path("seconds").asLong();
            if (each.size() != 2 || limit < 1 || limit > MOST_IN_WINDOW || seconds < 1 || seconds > MOST_SECONDS) {
                throw new SettingException("a window has a limit of 1 to " + MOST_IN_WINDOW + " and 1 to " + MOST_SECONDS
                        + " seconds, and nothing else; not " + each);
            }
            windows.add(new RateLimit.Limit(limit, TimeUnit.SECONDS.toNanos(seconds)));
        }
        return List.copyOf(windows);
    }
}
