package io.leadroutes.zoominfo;

import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jboss.logging.Logger;

/**
 * Answers of {@code GET /lookup/…} for a time, since they change rarely: kept in memory, a bounded number, the one
 * unused for longest dropped first. While an answer is fetched, others who want the same wait for it. When ZoomInfo
 * cannot be reached, an answer that has expired is given.
 */
@Singleton
@Named("zoominfoLookups")
@Unremovable
public class Lookups {

    /** Every look-up of an account, narrowed ones included, is far fewer than this. */
    static final int MOST = 500;
    private static final Logger LOG = Logger.getLogger(Lookups.class);
    /** An expired answer is given for this long before ZoomInfo is asked again. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    /** Asks ZoomInfo itself. */
    @FunctionalInterface
    interface Source {
        Object ask(String path, Map<String, Object> parameters) throws ZoomInfoException;
    }

    private static final class Entry {
        private Object answer;
        private Instant until = Instant.MIN;
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
            return size() > MOST;
        }
    };
    private final Source source;
    private final Duration life;
    private final Clock clock;

    @Inject
    Lookups(CamelContext camel, ZoomInfoConfig config) {
        this(tier(camel), config.lookup().cache(), Clock.systemUTC());
    }

    Lookups(Source source, Duration life, Clock clock) {
        this.source = source;
        this.life = life;
        this.clock = clock;
    }

    /** The standard tier; its failures go to whoever asked, who repeats by class. */
    static Source tier(CamelContext camel) {
        return (path, parameters) -> {
            try (ProducerTemplate template = camel.createProducerTemplate()) {
                Exchange answer = template.request("direct:zoominfo-standard", exchange -> {
                    exchange.setProperty(TierCall.QUERY, parameters);
                    exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "GET");
                    exchange.getMessage().setHeader(Exchange.HTTP_PATH, path);
                });
                if (answer.getException() != null) {
                    throw ZoomInfoException.of(answer.getException());
                }
                return answer.getMessage().getBody();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** Makes the answer to the look-up that a Kamelet has written into the message the body; no header is left over. */
    public void answer(Exchange exchange) throws ZoomInfoException {
        Map<String, Object> parameters = new TreeMap<>();
        if (exchange.removeProperty(TierCall.QUERY) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> parameters.put(name.toString(), value));
        }
        String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
        Object answer = get(path, parameters);
        exchange.getMessage().removeHeader(Exchange.HTTP_METHOD);
        exchange.getMessage().removeHeader(Exchange.HTTP_PATH);
        exchange.getMessage().setBody(answer);
    }

    /**
     * The answer to a look-up: the same object as long as it is believed.
     *
     * @param path       from the base URL on
     * @param parameters of the query
     */
    Object get(String path, Map<String, Object> parameters) throws ZoomInfoException {
        Entry entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(path + '?' + new TreeMap<>(parameters), key -> new Entry());
        }
        synchronized (entry) {
            Instant now = clock.instant();
            if (now.isBefore(entry.until)) {
                return entry.answer;
            }
            try {
                entry.answer = source.ask(path, parameters);
                entry.until = now.plus(life);
            } catch (ZoomInfoException e) {
                if (entry.answer == null || !e.isOutage()) {
                    throw e;
                }
                entry.until = now.plus(RETRY);
                LOG.warnf("ZoomInfo cannot be reached (%s); %s is answered as it was told before", e.getMessage(), path);
            }
            return entry.answer;
        }
    }
}
