/**
 * What is common to all CRMs: field policies, failures of a call, the outcome of a write.
 * May depend on {@code lead} and on the field mappings of {@code rules}; knows no single CRM.
 */
package io.leadroutes.crm;
