/**
 * Salesforce: connection, intake of change events, write-back of decided leads.
 * May depend on {@code crm}, {@code lead}, {@code rules} and {@code secret}; the only package that knows camel-salesforce.
 */
package io.leadroutes.crm.salesforce;
