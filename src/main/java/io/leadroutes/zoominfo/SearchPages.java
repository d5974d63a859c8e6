package io.leadroutes.zoominfo;

import io.leadroutes.zoominfo.ZoomInfoConfig.CapCounts;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jboss.logging.Logger;

/** All pages of a search as one stream of items: a page is fetched when its first item is asked for. */
@Singleton
@Named("zoominfoSearchPages")
@Unremovable
public class SearchPages {

    /** Most items that a walk delivers; 0 for all. */
    static final String MOST_RECORDS = "zoominfoMostRecords";
    /** Items that a walk remembers in order to drop those that come again: what a search can have at most. */
    static final int REMEMBERED = 100_000;
    private static final Logger LOG = Logger.getLogger(SearchPages.class);
    private static final String PAST_THE_END = "requested is greater than the available results";
    private static final String OVER_THE_CAP = "pagination is over max allowed value";

    /** Fetches one page. */
    @FunctionalInterface
    interface Source {
        Map<?, ?> page(Map<String, Object> request) throws ZoomInfoException;
    }

    private final CamelContext camel;
    private final int cap;
    private final CapCounts counts;

    @Inject
    SearchPages(CamelContext camel, ZoomInfoConfig config) {
        this(camel, config.search().paginationCap(), config.search().paginationCapCounts());
    }

    SearchPages(CamelContext camel, int cap, CapCounts counts) {
        this.camel = camel;
        this.cap = cap;
        this.counts = counts;
    }

    /** Makes an iterator over all items the body, which is the request for the first page; no call is made yet. */
    public void walk(Exchange exchange) {
        String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class);
        String requestId = exchange.getVariable(TierCall.REQUEST_ID_VARIABLE, String.class);
        Integer most = (Integer) exchange.removeProperty(MOST_RECORDS);
        Map<String, Object> request = new LinkedHashMap<>();
        exchange.getMessage().getBody(Map.class).forEach((key, value) -> request.put(key.toString(), value));
        exchange.getMessage().removeHeader(Exchange.HTTP_METHOD);
        exchange.getMessage().removeHeader(Exchange.HTTP_PATH);
        exchange.getMessage().setBody(new Walk(path, request, most == null ? 0 : most, page -> fetch(path, page, requestId)));
    }

    private Map<?, ?> fetch(String path, Map<String, Object> request, String requestId) throws ZoomInfoException {
        try (ProducerTemplate template = camel.createProducerTemplate()) {
            Exchange answer = template.request("direct:zoominfo-search-page", exchange -> {
                exchange.setVariable(TierCall.REQUEST_ID_VARIABLE, requestId);
                exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "POST");
                exchange.getMessage().setHeader(Exchange.HTTP_PATH, path);
                exchange.getMessage().setBody(request);
            });
            if (answer.getException() != null) {
                throw ZoomInfoException.of(answer.getException());
            }
            return answer.getMessage().getBody(Map.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For one thread at a time, as a splitter reads it. */
    private final class Walk implements Iterator<Map<?, ?>> {

        private final String path;
        private final Map<String, Object> request;
        private final int most;
        private final Source source;
        private final Deque<Map<?, ?>> ready = new ArrayDeque<>();
        private final Map<Object, Boolean> seen = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Object, Boolean> eldest) {
                return size() > REMEMBERED;
            }
        };
        private final int size;
        private int page;
        private int delivered;
        private long total = -1;
        private boolean over;
        private ZoomInfoException failure;

        Walk(String path, Map<String, Object> request, int most, Source source) {
            this.path = path;
            this.request = request;
            this.most = most;
            this.source = source;
            this.page = number(request.get("page"), 1);
            this.size = number(request.get("rpp"), 25);
        }

        /** Also true when the next page has failed: a splitter asks before it hands on the item that it holds. */
        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && failure == null && !over && !isFull()) {
                fetchNext();
            }
            return failure != null || !ready.isEmpty() && !isFull();
        }

        @Override
        public Map<?, ?> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (failure != null) {
                SearchPages.<RuntimeException>raise(failure);
            }
            delivered++;
            return ready.poll();
        }

        private boolean isFull() {
            return most > 0 && delivered >= most;
        }

        private void fetchNext() {
            if (counts == CapCounts.PAGES ? page > cap : (long) page * size > cap) {
                endAtCap();
                return;
            }
            Map<String, Object> next = new LinkedHashMap<>(request);
            next.put("page", page);
            next.put("rpp", size);
            try {
                take(source.page(next));
            } catch (ZoomInfoException e) {
                // The matches became fewer since the page before told their number.
                if (total >= 0 && e.getMessage().contains(PAST_THE_END)) {
                    over = true;
                } else if (total >= 0 && e.getMessage().contains(OVER_THE_CAP)) {
                    endAtCap();
                } else {
                    failure = e;
                }
            }
        }

        private void take(Map<?, ?> answer) throws ZoomInfoException {
            if (!(answer.get("data") instanceof List<?> items)) {
                throw new ZoomInfoException(FailureClass.PROTOCOL, "Page " + page + " of " + path + " has no list of items",
                        "");
            }
            for (Object item : items) {
                if (item instanceof Map<?, ?> map && seen.put(key(map), true) == null) {
                    ready.add(map);
                }
            }
            total = answer.get("maxResults") instanceof Number all ? all.longValue() : Math.max(total, 0);
            boolean known = answer.get("maxResults") instanceof Number;
            over = items.isEmpty() || (known ? (long) page * size >= total : items.size() < size);
            page++;
        }

        private void endAtCap() {
            over = true;
            long reached = (page - 1L) * size;
            LOG.warnf("%d of %d matches of %s are cut off: ZoomInfo ends the pages of a search after %d %s. Narrow the "
                    + "criteria, or take a bulk search", Math.max(0, total - reached), total, path, cap,
                    counts == CapCounts.PAGES ? "pages" : "records");
        }
    }

    /** News has no id; its address is its own. */
    private static Object key(Map<?, ?> item) {
        Object id = item.get("id") != null ? item.get("id") : item.get("url");
        return id == null ? item : id.toString();
    }

    private static int number(Object value, int otherwise) {
        try {
            return value == null ? otherwise : Math.max(1, Integer.parseInt(value.toString().strip()));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** An iterator may not declare what it throws, yet error handlers choose by the exception's own class. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void raise(Throwable failure) throws E {
        throw (E) failure;
    }
}
