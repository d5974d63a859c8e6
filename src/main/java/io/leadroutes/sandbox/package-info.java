/**
 * Stand-ins for ZoomInfo and the CRMs, for development, tests and demonstrations. {@code SandboxLauncher} is the only class the
 * application may use; nothing in here or below may use the application.
 */
package io.leadroutes.sandbox;
