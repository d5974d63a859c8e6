package io.leadroutes.zoominfo;

import io.leadroutes.zoominfo.ContractLimits.Limit;
import io.leadroutes.zoominfo.ContractLimits.Reading;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether the limits of the contract term leave room for work of a kind. What stands back stands back early, so that
 * live leads have the rest; they stop when a limit is used up.
 */
@Singleton
@Named("usageGate")
@Unremovable
public class UsageGate {

    /** Kinds of work with the limits that they use. */
    enum Kind {
        /** Unique ids are no bar: people who were paid for cost none, and ZoomInfo refuses the others one by one. */
        LIVE(false, Limit.REQUEST, Limit.RECORD),
        WEBHOOK(false, Limit.REQUEST, Limit.RECORD),
        /** The scaling tier has no limit of requests. */
        BULK(true, Limit.RECORD, Limit.UNIQUE_ID),
        PROSPECT(true, Limit.REQUEST, Limit.RECORD, Limit.UNIQUE_ID),
        WEBSIGHTS(true, Limit.WEBSIGHTS_REQUEST, Limit.WEBSIGHTS_RECORD);

        private final boolean background;
        private final List<Limit> limits;

        Kind(boolean background, Limit... limits) {
            this.background = background;
            this.limits = List.of(limits);
        }
    }

    private final ContractLimits limits;
    private final double backgroundStop;
    private final Duration believed;
    private final Clock clock;

    @Inject
    UsageGate(ContractLimits limits, ZoomInfoConfig config) {
        this(limits, config.limits().backgroundStop(), config.pause().account(), Clock.systemUTC());
    }

    UsageGate(ContractLimits limits, double backgroundStop, Duration believed, Clock clock) {
        this.limits = limits;
        this.backgroundStop = backgroundStop;
        this.believed = believed;
        this.clock = clock;
    }

    /**
     * Whether work of this kind may call ZoomInfo now. Without a reading it may.
     *
     * @param kind {@code live}, {@code webhook}, {@code bulk}, {@code prospect} or {@code websights}
     */
    public boolean admits(String kind) {
        return bar(kind(kind)).isEmpty();
    }

    /**
     * Refuses work of this kind as ZoomInfo itself would, so that it parks in the same way.
     *
     * @throws ZoomInfoException of class {@code QUOTA_EXHAUSTED} that names limit and use
     */
    public void require(String kind) throws ZoomInfoException {
        Optional<Reading> bar = bar(kind(kind));
        if (bar.isPresent()) {
            throw new ZoomInfoException(FailureClass.QUOTA_EXHAUSTED, String.format(Locale.ROOT,
                    "ZoomInfo's %s limit leaves no room for %s work: %d of %d are used", bar.get().limit(), kind,
                    bar.get().used(), bar.get().total()), "");
        }
    }

    private Optional<Reading> bar(Kind kind) {
        return kind.limits.stream().map(limits::of).flatMap(Optional::stream).filter(reading -> bars(kind, reading))
                .findFirst();
    }

    /** Live work asks ZoomInfo again from time to time: nothing else might tell that a new term has begun. */
    private boolean bars(Kind kind, Reading reading) {
        return kind.background ? reading.share() >= backgroundStop
                : reading.share() >= 1 && clock.instant().isBefore(reading.readAt().plus(believed));
    }

    private static Kind kind(String name) {
        return Arrays.stream(Kind.values()).filter(kind -> kind.name().equalsIgnoreCase(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no work of the kind '" + name + "', only "
                        + Arrays.toString(Kind.values()).toLowerCase(Locale.ROOT)));
    }
}
