/**
 * The stand-in for the ZoomInfo API: the server that lets calls in, one package for each family of operations below it.
 * May depend on the control plane and the world of the sandbox only; never on the application it is there to test.
 */
package io.leadroutes.sandbox.zoominfo;
