package io.leadroutes.crash;

import io.quarkus.arc.Arc;
import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Moments between two durable steps, at which tests end the process as a loss of power would: no shutdown hook runs,
 * nothing is drained. The system property {@value #PROPERTY} names the point, {@code after-claim} or
 * {@code after-claim@3} for the third time; without it, and outside the profiles dev, test and sandbox, a point does
 * nothing.
 */
public enum CrashPoint {
    /** The leads are inserted, the transaction is open. */
    BEFORE_INBOX_COMMIT,
    /** The leads are stored, their source has not been acknowledged. */
    AFTER_INBOX_COMMIT,
    /** Leads of Salesforce are inserted, the position in the stream is not. */
    BEFORE_REPLAY_ID,
    /** Leads and position are stored, the next event has not been asked for. */
    AFTER_REPLAY_ID,
    /** Leads are claimed for enrichment, credits are not reserved. */
    AFTER_CLAIM,
    /** Credits are reserved, no slot is taken. */
    AFTER_RESERVE,
    /** A slot of the tier is taken, its time has not come. */
    AFTER_SLOT,
    /** The slot's time has come, the request has not left. */
    BEFORE_SEND,
    /** ZoomInfo has answered and charged. */
    AFTER_ZOOMINFO_ANSWER,
    /** The answer is matched with its leads, not stored. */
    BEFORE_STORE,
    /** The answer is stored. */
    AFTER_STORE,
    /** The decision is written, the transaction is open. */
    BEFORE_DECISION_COMMIT,
    /** The decision is stored. */
    AFTER_DECISION_COMMIT,
    /** The write is planned, the request has not left. */
    BEFORE_CRM_WRITE,
    /** Salesforce has written, we do not know it yet. */
    AFTER_CRM_WRITE,
    /** The outcome of the write is stored. */
    AFTER_SETTLE,
    /** Kafka has decisions, they are not marked as published. */
    AFTER_PUBLISH,
    /** An end in order has begun, what is in flight has not ended. */
    IN_DRAIN;

    public static final String PROPERTY = "leadroutes.crash-point";
    /** As of a process that was killed by SIGKILL. */
    public static final int EXIT_CODE = 137;

    private static final List<String> PROFILES = List.of("dev", "test", "sandbox");
    private static final Logger LOG = Logger.getLogger(CrashPoint.class);
    private static final Optional<CrashPoint> ARMED;
    private static final AtomicInteger TO_GO;

    static {
        String wanted = System.getProperty(PROPERTY, "");
        ARMED = armed(wanted, ConfigUtils.getProfiles());
        TO_GO = new AtomicInteger(ARMED.isPresent() && wanted.contains("@")
                ? Integer.parseInt(wanted.substring(wanted.indexOf('@') + 1)) : 1);
        if (ARMED.isEmpty() && !wanted.isEmpty()) {
            LOG.errorf("%s=%s is ignored: there are %s, in the profiles %s only", PROPERTY, wanted,
                    Arrays.stream(values()).map(CrashPoint::text).toList(), PROFILES);
        }
    }

    static Optional<CrashPoint> armed(String wanted, List<String> profiles) {
        return profiles.stream().noneMatch(PROFILES::contains) ? Optional.empty()
                : Arrays.stream(values()).filter(point -> point.text().equals(wanted.replaceAll("@\\d+$", "")))
                        .findFirst();
    }

    /** The name by which {@value #PROPERTY} names it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Ends the process if this is the point and the time that was asked for. */
    public void reached() {
        if (ARMED.isPresent() && ARMED.get() == this && TO_GO.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** The point is reached when the running transaction has committed. */
    public void reachedAfterCommit() {
        if (ARMED.isPresent() && ARMED.get() == this) {
            Arc.container().instance(TransactionSynchronizationRegistry.class).get()
                    .registerInterposedSynchronization(new Synchronization() {
                        @Override
                        public void beforeCompletion() {
                            // Nothing is to be done before.
                        }

                        @Override
                        public void afterCompletion(int status) {
                            if (status == Status.STATUS_COMMITTED) {
                                reached();
                            }
                        }
                    });
        }
    }
}
