/**
 * Starting and stopping: the main class, the embedded database, the check for missing credentials.
 * Knows the sandbox only through its launcher.
 */
package io.leadroutes;
