/**
 * Kafka as intake of leads and as output of decisions. Without {@code kafka.brokers} no class of the Kafka client is
 * loaded: what names one lives in classes that are reached only then.
 * May depend on {@code lead}, {@code decision}, {@code receipt}, {@code secret} and {@code crash}; nothing depends on
 * it.
 */
package io.leadroutes.kafka;
