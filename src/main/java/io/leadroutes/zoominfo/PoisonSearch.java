package io.leadroutes.zoominfo;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * The steps of the search for the record that spoils a call; the flow is in
 * {@code routes/pipeline/batch-isolate.camel.yaml}.
 */
@ApplicationScoped
@Named("poisonSearch")
@Unremovable
public class PoisonSearch {

    private static final String ISOLATION = "isolation";
    private static final String OPENED = "isolationOpened";
    /** A record for which ZoomInfo has failed that long, and that was never tried beside others, is given up. */
    private static final Duration GIVE_UP_AFTER = Duration.ofHours(72);

    private final Circuits circuits;

    public PoisonSearch(Circuits circuits) {
        this.circuits = circuits;
    }

    /**
     * Work whose calls ask for several records.
     *
     * @param <T> one record
     */
    public interface Work<T> {

        /** Whose records these are, as the choices of the route batch-isolate name it. */
        String kind();

        /** What is called for this record, for example {@code enrich/contact}. */
        String operation(T record);

        /** How ZoomInfo would quote the record in a message. */
        Optional<String> quotedAs(T record);

        /** Makes these the records of the next call. */
        void choose(Exchange exchange, List<T> records);

        /** Lays records aside for a failure that is not theirs: ZoomInfo cannot be used, or not by this replica. */
        void layAside(Exchange exchange, List<T> records, ZoomInfoException failure);

        /** When the record was first laid aside for a call that failed; empty if that never was. */
        Optional<Instant> laidAsideAt(T record);
    }

    /**
     * Begins the search.
     *
     * @param failed what the call that failed had asked for
     * @param opened when these records were claimed, by {@link System#nanoTime}
     */
    public <T> void begin(Exchange exchange, Work<T> work, List<T> failed, long opened, ZoomInfoException failure) {
        reopen(exchange);
        exchange.setProperty(TierCall.SUSPECT, true);
        Isolation<T> isolation = new Isolation<>(work, failed, failure);
        exchange.setVariable(ISOLATION, isolation);
        exchange.setVariable(OPENED, opened);
        acquitUnlessOthersAreServed(exchange, isolation, failure);
    }

    /** Chooses the records to ask for now. */
    public void next(Exchange exchange) {
        choose(exchange, exchange.getVariable(ISOLATION, Isolation.class));
    }

    private static <T> void choose(Exchange exchange, Isolation<T> isolation) {
        isolation.work().choose(exchange, isolation.next());
    }

    /** The records that were asked for have their answers. */
    public void answered(@Variable(ISOLATION) Isolation<?> isolation) {
        isolation.answered();
    }

    /** The call for some suspects has failed: the search goes on, unless none of them is to blame. */
    public void suspected(Exchange exchange) {
        reopen(exchange);
        suspected(exchange, exchange.getVariable(ISOLATION, Isolation.class));
    }

    private <T> void suspected(Exchange exchange, Isolation<T> isolation) {
        Exception thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (thrown instanceof ZoomInfoException failure && (failure.isParks() || failure.isFenced())) {
            isolation.work().layAside(exchange, isolation.stop(), failure);
            return;
        }
        isolation.failed(thrown);
        if (thrown instanceof ZoomInfoException failure) {
            acquitUnlessOthersAreServed(exchange, isolation, failure);
        }
    }

    /** An error of the server for everybody is an outage and no record's fault. */
    private <T> void acquitUnlessOthersAreServed(Exchange exchange, Isolation<T> isolation, ZoomInfoException failure) {
        Work<T> work = isolation.work();
        String operation = work.operation(isolation.whole().get(0));
        if (failure.getFailureClass() == FailureClass.INVALID_REQUEST || !isolation.nobodyAnswered()
                || circuits.servedSince(operation, exchange.getVariable(OPENED, Long.class))) {
            return;
        }
        boolean served = isolation.whole().stream().map(work::laidAsideAt).flatMap(Optional::stream)
                .anyMatch(at -> circuits.succeededSince(operation, at)
                        || at.plus(GIVE_UP_AFTER).isBefore(Instant.now()));
        if (!served) {
            work.layAside(exchange, isolation.acquit(), failure);
        }
    }

    /** Gives the records of an unfinished search up to the end of their claims. */
    public void abandon(@Variable(ISOLATION) Isolation<?> isolation) {
        isolation.stop();
    }

    /**
     * Makes an exchange that the called route has given up on one that error handlers look at again; the halves of a
     * batch take its marks over.
     */
    static void reopen(Exchange exchange) {
        exchange.getExchangeExtension().setFailureHandled(false);
        exchange.getExchangeExtension().setErrorHandlerHandled(null);
        exchange.getExchangeExtension().setRedeliveryExhausted(false);
        exchange.removeProperty(Exchange.TRY_ROUTE_BLOCK);
    }
}
