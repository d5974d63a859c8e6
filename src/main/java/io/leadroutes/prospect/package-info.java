/**
 * Prospect lists: saved criteria whose new persons are enriched within a budget and brought into the CRM.
 * The flow is in {@code routes/jobs/prospect-list-refresh} and {@code routes/pipeline/prospect-*}.
 * May depend on {@code lead}, {@code zoominfo}, {@code compliance} and {@code crm}.
 */
package io.leadroutes.prospect;
