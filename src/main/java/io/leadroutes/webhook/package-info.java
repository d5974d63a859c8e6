/**
 * ZoomInfo's webhooks: the receiver of what it delivers, the fetching of what a delivery leaves out, and the subscriptions
 * as they are configured. Hands changes to the CRM updates and to the suppressions; the API may depend on it.
 */
package io.leadroutes.webhook;
