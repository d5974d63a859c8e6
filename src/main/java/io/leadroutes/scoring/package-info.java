/**
 * Points, axes, tiers and grades of one lead, in exact arithmetic.
 * Pure: reads rules and facts, changes nothing.
 * May depend on {@code rules}.
 */
package io.leadroutes.scoring;
