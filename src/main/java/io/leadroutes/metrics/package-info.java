/**
 * How gauges read what is slow to ask. The gauges themselves stand with what they tell of.
 * Depends on nothing.
 */
package io.leadroutes.metrics;
