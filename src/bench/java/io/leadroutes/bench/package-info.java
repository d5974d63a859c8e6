/**
 * Programs that measure the packaged application from outside and print figures; they assert nothing.
 * They use processes, HTTP and the control paths of the sandbox, and no class of the application; but for
 * {@code LimiterBenchmark}, which puts the tier route of the application beside other limiters in one JVM.
 */
package io.leadroutes.bench;
