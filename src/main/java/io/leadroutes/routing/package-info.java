/**
 * From a score to an owner: guards, routing tables, targets and the pools with what they owe.
 * The transaction that stores a decision is in {@code decision}; a {@code PoolBook} lives inside it.
 * May depend on {@code rules}, {@code scoring} and {@code lead}; knows nothing of ZoomInfo's API or of a CRM's.
 */
package io.leadroutes.routing;
