/**
 * The webhooks of the ZoomInfo stand-in: subscriptions, the changes of the world that set them off, and their delivery.
 * May depend on the stand-in's {@code account} and {@code profile}, on the world and on the control plane.
 */
package io.leadroutes.sandbox.zoominfo.webhook;
