/**
 * Visits to the web site: taken in, led back to companies by address, scored, and told to the owner of the account.
 * May depend on {@code crm} and {@code lead}; ZoomInfo is called by the route, not from here.
 */
package io.leadroutes.websights;
