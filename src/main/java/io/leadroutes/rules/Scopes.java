package io.leadroutes.rules;

/** Which variables beyond the general ones are known at a place of a rule file. */
enum Scopes {
    /** Guards: no score yet. */
    GUARD("the score is not known before the guards"),
    /** Scoring rows and disqualifiers. */
    SCORING("the score is not known while it is made"),
    /** Rows tried on each event. */
    EVENTS("the score is not known while it is made"),
    /** Routing tables. */
    ROUTING("");

    private final String noScore;

    Scopes(String noScore) {
        this.noScore = noScore;
    }

    /** Why a variable is not known here; empty when it is. */
    String refusal(Variable variable) {
        return switch (variable.scope()) {
            case EVERYWHERE -> "";
            case EVENT -> this == EVENTS ? "" : "events are known only in a scoring group with forEach: events";
            case SCORE -> noScore;
        };
    }
}
