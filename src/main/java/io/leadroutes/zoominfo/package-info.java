/**
 * ZoomInfo's API: calls, failures, usage and the matching of answers to what was asked.
 * Routes and Kamelets use the named beans; the pipeline uses {@code ContactMatcher} and the exception's class.
 * May depend on {@code lead} and {@code secret}; on no other package of the application.
 */
package io.leadroutes.zoominfo;
