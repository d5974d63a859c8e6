/** Kafka against a real broker in a JVM of its own. */
package io.leadroutes.kafka;
