/**
 * Kafka as intake of leads and as output of decisions. Without {@code kafka.brokers} no class of the Kafka client is
 * loaded: what names one lives in classes that are reached only then.
 * May depend on {@code lead}, {@code decision}, {@code receipt} and {@code secret}; nothing depends on it.
 */
package io.leadroutes.kafka;
