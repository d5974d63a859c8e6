/**
 * The compliance check: what is kept of a person and which law protects it.
 * May depend on the world, the account and the matching of the stand-in; never on the application it is there to test.
 */
package io.leadroutes.sandbox.zoominfo.compliance;
