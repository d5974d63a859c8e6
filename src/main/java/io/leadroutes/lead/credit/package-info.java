/**
 * Credits: what is reserved, paid and given back within which budgets, and who was paid for. One ledger for all work and
 * all replicas. Used by the stages, bulk refreshes, prospect lists and the API; knows nothing of ZoomInfo's calls.
 */
package io.leadroutes.lead.credit;
