/**
 * Loading, linting and reloading of route files and Kamelets; calls the rules' reload when a rule file changes.
 * What lives here reads files and drives Camel; it knows nothing of leads, ZoomInfo or a CRM.
 * It may depend on {@code finding} and {@code rules} only; nothing but start-up depends on it.
 */
package io.leadroutes.flow;
