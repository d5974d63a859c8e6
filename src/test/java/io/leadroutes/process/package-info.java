/**
 * Processes for tests: the packaged application and the sandbox, started, killed and stopped as an operator would.
 * Speaks only the public interfaces: HTTP, ports, signals.
 */
package io.leadroutes.process;
