package io.leadroutes.fault;

/** A connection of the application on which a {@link FaultProxy} can be put. */
public enum Link {
    /** To the PostgreSQL of the cluster. */
    DATABASE,
    /** To the ZoomInfo stand-in. One for the cluster: replicas with different addresses were different accounts. */
    ZOOMINFO,
    /** To Salesforce's REST API. */
    SALESFORCE,
    /** To Salesforce's stream of change events. */
    STREAM
}
