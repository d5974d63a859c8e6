package io.leadroutes.lead;

/**
 * A lead at the door of the inbox.
 *
 * @param requestId X-Request-Id of the event that brought it
 * @param priority  {@link #LIVE}, {@link #WEBHOOK} or {@link #BULK}; the lower number goes first
 */
public record IncomingLead(Lead lead, String requestId, int priority) {

    public static final int LIVE = 0;
    public static final int WEBHOOK = 1;
    public static final int BULK = 2;
}
