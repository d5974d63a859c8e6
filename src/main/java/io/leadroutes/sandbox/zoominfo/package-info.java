/**
 * The stand-in for the ZoomInfo API: authentication, search, enrich, field lookups, usage, limits and credits.
 * May depend on the control plane and the world of the sandbox only; never on the application it is there to test.
 */
package io.leadroutes.sandbox.zoominfo;
