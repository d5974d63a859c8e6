/**
 * Bulk refreshes: many records of the CRM brought up to date through ZoomInfo's bulk jobs, quoted first, behind live leads.
 * The flow is in routes/jobs/bulk-refresh*.camel.yaml; these are its steps and what they remember.
 * May depend on zoominfo, crm and lead; on nothing of the sandbox.
 */
package io.leadroutes.zoominfo.bulk;
