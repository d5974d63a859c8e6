/**
 * The one JWT that all ZoomInfo calls of all replicas share: obtained by one of them, kept sealed in the database,
 * renewed ahead of its expiry.
 * Obtained through the route {@code auth-tier}, so that the limit of the endpoint holds.
 * May depend on {@code zoominfo} for configuration and failures, and on {@code secret}.
 */
package io.leadroutes.zoominfo.token;
