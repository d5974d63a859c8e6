/**
 * A stand-in for Salesforce: OAuth, REST, SOQL and the Pub/Sub API with change events, over a record store in memory.
 * May depend on the control and the world of the sandbox; on nothing of the application.
 */
package io.leadroutes.sandbox.salesforce;
