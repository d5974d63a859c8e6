package io.leadroutes.lead.credit;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many credits may be spent. What is not given is not limited.
 *
 * @param total        of all work together, for all time
 * @param perDay       of all work together on one day
 * @param sources      source → its own budgets; bulk refreshes and prospect lists are the sources {@code bulk} and
 *                     {@code prospect}
 * @param liveShare    share of {@code total} and {@code perDay} that only live leads may use, 0 to below 1
 * @param zone         where a day begins at midnight
 * @param answerMaxAge how old ZoomInfo's answer about a person may be to be given again without a call; zero for never
 */
public record CreditBudgets(Optional<Long> total, Optional<Long> perDay, Map<String, OfSource> sources, double liveShare,
        ZoneId zone, Duration answerMaxAge) {

    /** No limit, and no answer given again. */
    public static final CreditBudgets NONE = new CreditBudgets(Optional.empty(), Optional.empty(), Map.of(), 0,
            ZoneOffset.UTC, Duration.ZERO);

    /** The budgets of one source. */
    public record OfSource(Optional<Long> total, Optional<Long> perDay) {
    }

    /** @throws IllegalArgumentException naming the key that cannot be */
    public CreditBudgets {
        sources = Map.copyOf(sources);
        for (Budget budget : budgets(total, perDay, sources)) {
            if (budget.limit() < 0) {
                throw new IllegalArgumentException(budget.key() + "=" + budget.limit()
                        + ": a budget is a number of credits from 0; leave the key out for no budget");
            }
        }
        if (!(liveShare >= 0 && liveShare < 1)) {
            throw new IllegalArgumentException("zoominfo.credits.live-share=" + liveShare
                    + ": it is a share from 0 to below 1, for example 0.1 for a tenth");
        }
        if (answerMaxAge.isNegative()) {
            throw new IllegalArgumentException("zoominfo.redeemed.answer-max-age=" + answerMaxAge
                    + ": it is a time from 0, for example 30d; 0 asks ZoomInfo each time");
        }
    }

    /**
     * One budget.
     *
     * @param key    of the configuration
     * @param source whose it is; {@code ""} for all
     * @param daily  whether it is one of each day
     */
    public record Budget(String key, String source, boolean daily, long limit) {
    }

    /** All budgets that are given. */
    List<Budget> all() {
        return budgets(total, perDay, sources);
    }

    /** Those that a credit of this source is taken from. */
    List<Budget> of(String source) {
        return all().stream().filter(budget -> budget.source().isEmpty() || budget.source().equals(source)).toList();
    }

    /** What of a budget this kind of work may use. A source's own budget is not shared with live leads of others. */
    long limit(Budget budget, WorkKind kind) {
        return kind.isBackground() && budget.source().isEmpty()
                ? budget.limit() - (long) Math.ceil(budget.limit() * liveShare) : budget.limit();
    }

    private static List<Budget> budgets(Optional<Long> total, Optional<Long> perDay, Map<String, OfSource> sources) {
        List<Budget> all = new ArrayList<>();
        total.ifPresent(limit -> all.add(new Budget("zoominfo.credit-budget", CreditLedger.ALL, false, limit)));
        perDay.ifPresent(limit -> all.add(new Budget("zoominfo.credits.per-day", CreditLedger.ALL, true, limit)));
        sources.forEach((source, own) -> {
            String key = "zoominfo.credits.source." + source;
            own.total().ifPresent(limit -> all.add(new Budget(key + ".budget", source, false, limit)));
            own.perDay().ifPresent(limit -> all.add(new Budget(key + ".per-day", source, true, limit)));
        });
        return all;
    }
}
