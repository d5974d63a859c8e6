package io.leadroutes.zoominfo.bulk;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A refresh and how far it is.
 *
 * @param object {@code Contact}, {@code Lead} or {@code Account}
 * @param source {@code soql} or {@code csv}
 * @param cause  why it is paused, stopped or failed, or what it waits for
 */
public record Refresh(UUID id, String object, String source, String state, Optional<String> cause, Instant createdAt,
        Optional<Instant> quotedAt, Optional<Instant> startedAt, Optional<Instant> endedAt, Records records,
        Progress progress, Credits credits, Quote quote, Jobs jobs, Pages pages) {

    /**
     * @param read     rows read
     * @param unusable rows that say too little to be matched
     * @param repeated rows that say the same as one before
     * @param items    the rest: what ZoomInfo is asked for
     */
    public record Records(long read, long unusable, long repeated, long items) {
    }

    /**
     * @param unanswered  sent, but without a result of their own in any page
     * @param refused     answers LIMIT_EXCEEDED; their records are asked for again
     * @param updates     handed to the queue of CRM updates
     * @param perSecond   records done a second, over the last minute
     * @param secondsLeft at that rate
     */
    public record Progress(long done, long left, long matched, long unmatched, long unanswered, long refused, long updates,
            double perSecond, Optional<Long> secondsLeft) {
    }

    /**
     * @param quoted most credits it will cost, as told before the start
     * @param most   the quote and the margin: no job is submitted that could pass it
     */
    public record Credits(long spent, long quoted, String margin, long most) {
    }

    /**
     * How the quote was made.
     *
     * @param managed   records under management already: free
     * @param previewed records of which a free preview told how many are in ZoomInfo
     * @param assumed   records taken for new, one credit each
     */
    public record Quote(long managed, long previewed, long assumed) {
    }

    /** @param inDoubt being submitted, or submitted without an answer */
    public record Jobs(long waiting, long active, long done, long lost, long inDoubt) {
    }

    /** @param available done at ZoomInfo and not yet fetched */
    public record Pages(long fetched, long available) {
    }
}
