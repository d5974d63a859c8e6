/**
 * The lead event and its way: inbox, stages, dead letters.
 * Depends on no other package of ours but {@code finding}: systems, rules and the API build on it.
 */
package io.leadroutes.lead;
