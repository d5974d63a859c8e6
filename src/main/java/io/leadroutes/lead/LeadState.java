package io.leadroutes.lead;

/** Where a lead event stands; every arrow between two states is one database transaction. */
public enum LeadState {
    RECEIVED, ENRICHING, ENRICHED, DECIDED, DONE,
    /** Waits for quota, licence or an outage; resumes by itself. */
    PARKED,
    /** Ended in a dead letter. */
    DEAD
}
