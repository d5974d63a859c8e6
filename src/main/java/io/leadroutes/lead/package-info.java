/**
 * The lead event and its way: inbox, stages, dead letters.
 * May depend on {@code zoominfo} for the enrichment stage; knows nothing of CRMs, rules or the API.
 */
package io.leadroutes.lead;
