package io.leadroutes.crm.salesforce;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** One subscription from its opening to its end, as seen on the wire. Times are nanoseconds of a monotonic clock. */
final class Subscription {

    /** Stands for "not ours". */
    static final Subscription NONE = new Subscription(() -> 0, () -> { });

    private static final Metadata.Key<String> ERROR_CODE =
            Metadata.Key.of("error-code", Metadata.ASCII_STRING_MARSHALLER);

    private final LongSupplier nanoTime;
    private final Runnable onChange;
    private final AtomicLong lastAnswer;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicReference<End> end = new AtomicReference<>();
    private volatile Runnable cancel = () -> { };
    private volatile boolean ready;
    private volatile Optional<String> broken = Optional.empty();

    Subscription(LongSupplier nanoTime, Runnable onChange) {
        this.nanoTime = nanoTime;
        this.onChange = onChange;
        this.lastAnswer = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * Why a stream ended.
     *
     * @param code Salesforce's own error code from the trailers, or empty
     */
    record End(Status.Code status, String code, String message) {

        /** The bus does not know the position any more, or it never was one. */
        boolean invalidReplayId() {
            return code.toLowerCase(java.util.Locale.ROOT).contains("replayid");
        }

        boolean unauthenticated() {
            return status == Status.Code.UNAUTHENTICATED || code.contains(".auth.");
        }

        boolean orderly() {
            return status == Status.Code.OK;
        }

        @Override
        public String toString() {
            return orderly() ? "ended by the server" : status + (code.isEmpty() ? "" : " " + code)
                    + (message.isEmpty() ? "" : " (" + message + ")");
        }
    }

    void opened(Runnable canceller) {
        cancel = canceller;
    }

    /** The bus can be reached and has taken the call. */
    void ready() {
        ready = true;
        onChange.run();
    }

    boolean isReady() {
        return ready;
    }

    void workBegins() {
        working.incrementAndGet();
        lastAnswer.set(nanoTime.getAsLong());
        answers.incrementAndGet();
    }

    void workEnds() {
        lastAnswer.set(nanoTime.getAsLong());
        working.decrementAndGet();
    }

    void ended(Status status, Metadata trailers) {
        end.compareAndSet(null, new End(status.getCode(),
                Optional.ofNullable(trailers).map(all -> all.get(ERROR_CODE)).orElse(""),
                Optional.ofNullable(status.getDescription()).orElse("")));
        onChange.run();
    }

    /** An event could not be stored: nothing that follows may be taken in through this subscription. */
    void breakOff(String cause) {
        broken = Optional.of(cause);
        onChange.run();
    }

    Optional<String> broken() {
        return broken;
    }

    Optional<End> end() {
        return Optional.ofNullable(end.get());
    }

    boolean answered() {
        return answers.get() > 0;
    }

    /** True while events of an answer are being worked off. */
    boolean busy() {
        return working.get() > 0;
    }

    long silentNanos() {
        return busy() ? 0 : nanoTime.getAsLong() - lastAnswer.get();
    }

    void cancel() {
        cancel.run();
    }
}
