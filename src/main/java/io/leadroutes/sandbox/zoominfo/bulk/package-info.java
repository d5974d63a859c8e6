/**
 * Bulk search and enrich of the ZoomInfo stand-in: jobs that run by themselves and are fetched page by page.
 * May depend on the world and the control plane of the sandbox; never on the application it is there to test.
 */
package io.leadroutes.sandbox.zoominfo.bulk;
