/**
 * The contract document of the ZoomInfo API: which operations there are, and which fields they take and give.
 * May depend on nothing else of the sandbox; never on the application it is there to test.
 */
package io.leadroutes.sandbox.zoominfo.contract;
