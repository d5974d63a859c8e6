/**
 * From a score to an owner: routing tables, pools, and the transaction that stores a decision.
 * May depend on {@code rules}, {@code scoring}, {@code facts}, {@code receipt} and {@code lead}; knows nothing of
 * ZoomInfo's API or of a CRM's.
 */
package io.leadroutes.routing;
