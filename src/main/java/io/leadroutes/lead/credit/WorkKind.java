package io.leadroutes.lead.credit;

import java.util.Locale;

/** Kinds of work that spend credits. */
public enum WorkKind {
    LIVE(false), WEBHOOK(true), BULK(true), PROSPECT(true), WEBSIGHTS(true),
    /** A call of a route that is not one of the product's. */
    ROUTE(true);

    private final boolean background;

    WorkKind(boolean background) {
        this.background = background;
    }

    /** Whether it leaves the share of live leads alone. */
    boolean isBackground() {
        return background;
    }

    /** As in the database, for example {@code live}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
