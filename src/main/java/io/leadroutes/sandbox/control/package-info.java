/**
 * What every sandbox port has in common: settings, call log, peak rates, faults, latency and the paths under /_sandbox.
 * Knows no product. May depend on Vert.x and Jackson only; never on the application.
 */
package io.leadroutes.sandbox.control;
