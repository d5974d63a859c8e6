package io.leadroutes.zoominfo;

import java.util.Arrays;
import java.util.Optional;

/** What a failed call means for the record that caused it; routes decide by this and never by a status code. */
public enum FailureClass {
    /** Nothing was sent or nothing was done: repeat. */
    TRANSIENT,
    /** Sent, and no answer: it may have been done. Repeat, because an enrich call can be repeated. */
    UNKNOWN_OUTCOME,
    /** Too fast: the tier pauses; no record loses an attempt. */
    RATE_LIMITED,
    /** Another replica has taken over the enrichment; nothing was sent: the leads are given back at once. */
    FENCED,
    /** The token or the credentials are refused, also after one renewal. */
    UNAUTHENTICATED,
    /** A limit of the contract term is used up: park. */
    QUOTA_EXHAUSTED,
    /** The account may not do this: park. */
    NOT_LICENSED,
    /** This request will never be accepted. */
    INVALID_REQUEST,
    /** ZoomInfo failed on this request: repeat twice, then split the batch. */
    SERVER_ERROR,
    /** An answer that cannot be read. */
    PROTOCOL;

    /** The class of this name; empty for a name of another system's. */
    public static Optional<FailureClass> named(String name) {
        return Arrays.stream(values()).filter(value -> value.name().equals(name)).findFirst();
    }
}
