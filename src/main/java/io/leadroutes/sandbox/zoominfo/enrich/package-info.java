/**
 * The operations under /enrich: matching, charging and the envelopes of the answers.
 * May depend on the world and the control plane of the sandbox; never on the application it is there to test.
 */
package io.leadroutes.sandbox.zoominfo.enrich;
