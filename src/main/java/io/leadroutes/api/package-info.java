/**
 * The JSON API for people and programs: leads, dead letters, pools, usage. Errors are problem+json.
 * Reads what the other packages store; holds no state of its own.
 */
package io.leadroutes.api;
