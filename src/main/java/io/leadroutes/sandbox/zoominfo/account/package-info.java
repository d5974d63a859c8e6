/**
 * The account behind the ZoomInfo stand-in: settings, tokens, rate and usage limits, credits and error texts.
 * May depend on the world and the control plane of the sandbox; never on the application it is there to test.
 */
package io.leadroutes.sandbox.zoominfo.account;
