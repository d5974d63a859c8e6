package io.leadroutes.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Prints start-up cost, leads per second with limits off, and the time from created to owned at five leads a second.
 * Arguments: any of {@code start}, {@code throughput}, {@code latency}; none is all. System properties
 * {@code bench.leads} (20000) and {@code bench.seconds} (60) set the size, {@code bench.flags} the flags of the JVMs.
 */
public final class Benchmark {

    private static final int STARTS = 5;
    private static final int ARRAY = 200;
    private static final int LEADS = Integer.getInteger("bench.leads", 20_000);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 60);
    private static final int PER_SECOND = 5;
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final Map<String, String> UNLIMITED = unlimited();

    private Benchmark() {
    }

    public static void main(String[] arguments) throws Exception {
        Set<String> wanted = Set.of(arguments);
        try (Setup setup = new Setup()) {
            if (wanted.isEmpty() || wanted.contains("start")) {
                start(setup);
            }
            if (wanted.isEmpty() || wanted.contains("throughput")) {
                throughput(setup);
            }
            if (wanted.isEmpty() || wanted.contains("latency")) {
                latency(setup);
            }
        }
    }

    private static Map<String, String> unlimited() {
        Map<String, String> keys = new HashMap<>();
        for (String tier : List.of("auth", "standard", "scaling")) {
            keys.put("zoominfo.tier." + tier + ".requests-per-second", "0");
            keys.put("zoominfo.tier." + tier + ".requests-per-minute", "0");
        }
        return keys;
    }

    /** The first start makes the database and is not counted. */
    private static void start(Setup setup) throws Exception {
        setup.application("prod", Map.of()).close();
        System.out.printf(Locale.ROOT, "%-8s %10s %12s %10s%n", "start", "wall ms", "CPU s", "RSS MiB");
        for (int i = 1; i <= STARTS; i++) {
            try (Child application = setup.application("prod", Map.of())) {
                long wall = application.age().toMillis();
                String cpu = application.cpu().map(d -> String.format(Locale.ROOT, "%.2f", d.toMillis() / 1000.0))
                        .orElse("-");
                String memory = application.residentMib().map(String::valueOf).orElse("-");
                System.out.printf(Locale.ROOT, "%-8d %10d %12s %10s%n", i, wall, cpu, memory);
            }
        }
    }

    private static void throughput(Setup setup) throws Exception {
        setup.sandboxSettings("{\"limits\":{\"enforced\":false},\"usage\":{\"enforced\":false},\"latency\":0}");
        try (Child application = setup.application("sandbox", UNLIMITED)) {
            String run = Long.toString(System.currentTimeMillis(), 36);
            Set<String> open = ConcurrentHashMap.newKeySet();
            long begin = System.nanoTime();
            for (int first = 0; first < LEADS; first += ARRAY) {
                String body = IntStream.range(first, Math.min(first + ARRAY, LEADS))
                        .mapToObj(n -> Setup.lead(run + "-" + n)).collect(Collectors.joining(",", "[", "]"));
                setup.post(setup.url() + "/api/leads", body).path("eventIds").forEach(id -> open.add(id.asText()));
            }
            long taken = System.nanoTime();
            TreeMap<String, Integer> ends = new TreeMap<>();
            while (!open.isEmpty() && System.nanoTime() - begin < LIMIT_NANOS) {
                for (String state : List.of("DONE", "DEAD", "PARKED")) {
                    int ended = ended(setup, state, open);
                    if (ended > 0) {
                        ends.merge(state, ended, Integer::sum);
                    }
                }
                Thread.sleep(100);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            int settled = ends.values().stream().mapToInt(Integer::intValue).sum();
            System.out.printf(Locale.ROOT, "throughput: %d of %d leads ended %s in %.1f s = %.0f leads/s (intake %.0f/s)%n",
                    settled, LEADS, ends, seconds, settled / seconds, LEADS / ((taken - begin) / 1e9));
            application.cpu().ifPresent(cpu -> System.out.printf(Locale.ROOT, "throughput: %.1f CPU-s, %s MiB RSS%n",
                    cpu.toMillis() / 1000.0, application.residentMib().map(String::valueOf).orElse("-")));
        }
    }

    /** Takes out of the open ones those that the list of a state names, newest first, until a page names none. */
    private static int ended(Setup setup, String state, Set<String> open) throws IOException, InterruptedException {
        int count = 0;
        String cursor = "";
        while (true) {
            JsonNode page = setup.json(setup.url() + "/api/leads?source=bench&limit=200&state=" + state
                    + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            int before = count;
            JsonNode leads = page.isArray() ? page : page.path("leads");
            for (JsonNode lead : leads) {
                if (open.remove(lead.path("eventId").asText())) {
                    count++;
                }
            }
            cursor = page.path("cursor").asText(page.path("nextCursor").asText(""));
            if (count == before || cursor.isEmpty()) {
                return count;
            }
        }
    }

    /** Open loop: a slow answer does not delay the next lead, and the time counts from when a lead was due. */
    private static void latency(Setup setup) throws Exception {
        setup.sandboxSettings("{\"limits\":{\"enforced\":true},\"usage\":{\"enforced\":true},\"latency\":300}");
        Histogram times = new Histogram(TimeUnit.MINUTES.toMillis(10), 3);
        ScheduledExecutorService sender = Executors.newScheduledThreadPool(4);
        try (Child application = setup.application("sandbox", Map.of())) {
            String run = Long.toString(System.currentTimeMillis(), 36);
            Map<String, Long> due = new ConcurrentHashMap<>();
            long begin = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            int all = SECONDS * PER_SECOND;
            for (int n = 0; n < all; n++) {
                long at = begin + n * TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
                String lead = Setup.lead(run + "-" + n);
                sender.schedule(() -> due.put(setup.post(setup.url() + "/api/leads", lead).path("eventIds").path(0)
                        .asText(), at), at - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            int seen = 0;
            long end = begin + TimeUnit.SECONDS.toNanos(SECONDS + 60);
            while (seen < all && System.nanoTime() < end) {
                for (String id : new ArrayList<>(due.keySet())) {
                    String state = setup.json(setup.url() + "/api/leads/" + id).path("state").asText();
                    if (state.equals("DONE")) {
                        times.recordValue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - due.remove(id)));
                        seen++;
                    }
                }
                Thread.sleep(10);
            }
            System.out.printf(Locale.ROOT, "created to owned at %d leads/s, ZoomInfo 300 ms, %d of %d leads: p50 %d ms, "
                    + "p90 %d ms, p99 %d ms, max %d ms%n", PER_SECOND, seen, all, times.getValueAtPercentile(50),
                    times.getValueAtPercentile(90), times.getValueAtPercentile(99), times.getMaxValue());
            if (!application.isAlive()) {
                System.out.println("The application ended during the run.");
            }
        } finally {
            sender.shutdownNow();
        }
    }
}
