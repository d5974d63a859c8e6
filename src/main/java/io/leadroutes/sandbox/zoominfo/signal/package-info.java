/**
 * Scoops, news and intent: searching them over all companies and enriching one company with them.
 * May depend on search, profile and account of the stand-in, the world and the control plane; never on the application.
 */
package io.leadroutes.sandbox.zoominfo.signal;
