/**
 * What rules may know about a lead, taken from the lead and its enrichment and frozen before the first rule.
 * May depend on {@code lead} and {@code rules}; reads no database, no clock and no network.
 */
package io.leadroutes.facts;
