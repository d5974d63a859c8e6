package io.leadroutes.kafka;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.component.kafka.PollExceptionStrategy;

/**
 * A poll that failed (refused log-in, missing topic or right) is repeated with the same consumer after a pause: nothing
 * is skipped, and the log gets one line a pause. A broker that is merely away is no failure to a poll.
 */
final class PatientPolling implements PollExceptionStrategy {

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);

    @Override
    public boolean canContinue() {
        return true;
    }

    @Override
    public void handle(long partitionLastOffset, Exception exception) {
        LockSupport.parkNanos(PAUSE);
    }
}
