/**
 * Decides when a call may leave: the even schedule behind the throttles of the tier routes.
 * Arithmetic ({@code SlotSchedule}, {@code SendHistory}) is pure; the shared row is behind {@code SlotTable}.
 * May depend on {@code zoominfo} for configuration and failures.
 */
package io.leadroutes.zoominfo.pacing;
