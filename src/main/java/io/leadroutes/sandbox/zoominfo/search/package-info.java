/**
 * The operations under /search, with their criteria, pages and orders.
 * May depend on the world and the control plane of the sandbox; never on the application it is there to test.
 */
package io.leadroutes.sandbox.zoominfo.search;
