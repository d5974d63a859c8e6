/**
 * How profiles of people and companies are written: fields, dates, amounts and ranges.
 * May depend on the world and the control plane of the sandbox; never on the application it is there to test.
 */
package io.leadroutes.sandbox.zoominfo.profile;
