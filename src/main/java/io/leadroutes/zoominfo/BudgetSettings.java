package io.leadroutes.zoominfo;

import io.leadroutes.lead.credit.CreditBudgets;
import io.leadroutes.lead.credit.CreditBudgets.OfSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.stream.Collectors;

/** The budgets of the configuration, as the ledger takes them. */
@ApplicationScoped
class BudgetSettings {

    /** Stops the start on a budget that cannot be. */
    void onStart(@Observes StartupEvent started, ZoomInfoConfig config) {
        budgets(config);
    }

    @Produces
    @Singleton
    static CreditBudgets budgets(ZoomInfoConfig config) {
        ZoomInfoConfig.Credits credits = config.credits();
        return new CreditBudgets(config.creditBudget(), credits.perDay(), credits.source().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey,
                        own -> new OfSource(own.getValue().budget(), own.getValue().perDay()))),
                credits.liveShare(), credits.zone(), config.redeemed().answerMaxAge());
    }
}
