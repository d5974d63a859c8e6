package io.leadroutes.zoominfo.pacing;

import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Traceable;
import org.apache.camel.spi.IdAware;
import org.apache.camel.support.AsyncProcessorSupport;

/** The processor behind a tier's {@code throttle}: blocks the calling thread until the next slot. */
final class PacedThrottle extends AsyncProcessorSupport implements Traceable, IdAware {

    private final String tier;
    private final Pacing pacing;
    private final Expression limit;
    private final Duration period;
    private String id;

    PacedThrottle(String id, String tier, Pacing pacing, Expression limit, Duration period) {
        this.id = id;
        this.tier = tier;
        this.pacing = pacing;
        this.limit = limit;
        this.period = period;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        String key = exchange.getProperty(Pacing.DEPARTURE, exchange.getExchangeId(), String.class);
        try {
            Double perPeriod = limit.evaluate(exchange, Double.class);
            if (perPeriod == null) {
                throw new IllegalStateException("The limit of throttle " + id + " is not a number");
            }
            Optional<Window> first = perPeriod > 0 ? Optional.of(new Window(perPeriod, period)) : Optional.empty();
            Long epoch = exchange.getProperty(Pacing.EPOCH, Long.class);
            pacing.acquire(tier, key, first, epoch == null ? OptionalLong.empty() : OptionalLong.of(epoch));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.setException(new ZoomInfoException(FailureClass.TRANSIENT,
                    "Stopped while waiting for a slot; nothing was sent", ""));
        } catch (Exception e) {
            exchange.setException(Pacing.refusal(e, "").map(Exception.class::cast).orElse(e));
        }
        callback.done(true);
        return true;
    }

    @Override
    public String getTraceLabel() {
        return "throttle[" + tier + ", evenly]";
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public void setId(String id) {
        this.id = id;
    }
}
