package io.leadroutes.sandbox.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The calls of one stand-in in the order of arrival, with counts and peaks. Keeps the last {@value #KEPT} calls;
 * counts and peaks cover all of them. For the event loop of its server only.
 */
public final class CallLog {

    static final int KEPT = 200_000;

    private final JsonFactory json = new JsonFactory();
    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private final Map<String, Map<String, Long>> byOperation = new TreeMap<>();
    private final PeakRate second = new PeakRate(TimeUnit.SECONDS.toNanos(1));
    private final PeakRate minute = new PeakRate(TimeUnit.MINUTES.toNanos(1));
    private long total;

    /** What is kept of a call: no request, so that connections can be collected. */
    private static final class Line {
        private final long number;
        private final long arrivalNanos;
        private final String method;
        private final String path;
        private final String requestId;
        private final Optional<String> clientRequestId;
        private int status;
        private String fault = "";
        private java.util.List<String> ids = java.util.List.of();

        Line(Call call) {
            number = call.number();
            arrivalNanos = call.arrivalNanos();
            method = call.method();
            path = call.path();
            requestId = call.requestId();
            clientRequestId = call.header("X-Request-Id");
        }
    }

    /** Writes down an arrival; the returned action completes the line when the call has ended. */
    Runnable arrived(Call call) {
        total++;
        second.arrived(call.arrivalNanos());
        minute.arrived(call.arrivalNanos());
        Line line = new Line(call);
        lines.addLast(line);
        if (lines.size() > KEPT) {
            lines.removeFirst();
        }
        return () -> {
            line.status = call.status();
            line.fault = call.fault();
            line.ids = call.ids();
            byOperation.computeIfAbsent(call.operation(), key -> new TreeMap<>())
                    .merge(call.status() == 0 ? "none" : Integer.toString(call.status()), 1L, Long::sum);
        };
    }

    /** Calls since the start or the last reset. */
    public long total() {
        return total;
    }

    /** Ended calls by operation, then by status ({@code none} where no answer was sent). */
    public Map<String, Map<String, Long>> byOperation() {
        return byOperation;
    }

    /** Most arrivals in any sliding second. */
    public int peakPerSecond() {
        return second.peak();
    }

    /** Most arrivals in any sliding minute. */
    public int peakPerMinute() {
        return minute.peak();
    }

    /** One JSON object a line, oldest first; only those of {@code path} unless that is empty. */
    public String toJsonLines(String path) {
        StringWriter out = new StringWriter(lines.size() * 160);
        for (Line line : lines) {
            if (path.isEmpty() || path.equals(line.path)) {
                try (JsonGenerator generator = json.createGenerator(out)) {
                    generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                    write(line, generator);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                out.write('\n');
            }
        }
        return out.toString();
    }

    void reset() {
        lines.clear();
        byOperation.clear();
        second.reset();
        minute.reset();
        total = 0;
    }

    private static void write(Line line, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeNumberField("call", line.number);
        out.writeNumberField("arrivalNanos", line.arrivalNanos);
        out.writeStringField("method", line.method);
        out.writeStringField("path", line.path);
        out.writeFieldName("status");
        if (line.status == 0) {
            out.writeNull();
        } else {
            out.writeNumber(line.status);
        }
        out.writeStringField("requestId", line.requestId);
        if (line.clientRequestId.isPresent()) {
            out.writeStringField("clientRequestId", line.clientRequestId.get());
        }
        out.writeArrayFieldStart("ids");
        for (String id : line.ids) {
            out.writeString(id);
        }
        out.writeEndArray();
        if (!line.fault.isEmpty()) {
            out.writeStringField("fault", line.fault);
        }
        out.writeEndObject();
    }
}
