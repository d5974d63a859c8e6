package io.leadroutes.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.bench.Contender.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * Our throttle beside those that one would use else, each kept busy by the same number of threads against the same
 * sandbox, for each way in which a server may measure a rate of 25 calls a second. Prints a table in Markdown, and
 * writes {@code target/limiters.csv}.
 *
 * <p>System properties: {@code bench.cell} (20), seconds of a measurement; {@code bench.long} (20), length in seconds
 * of the long window that stands for the minute, measured over two of them, 60 being the true one;
 * {@code bench.threads} (24); {@code bench.contenders} and {@code bench.models}, comma-separated, to run some of them.
 */
public final class LimiterBenchmark {

    private static final int CELL = Integer.getInteger("bench.cell", 20);
    private static final int LONG = Integer.getInteger("bench.long", 20);
    private static final int THREADS = Integer.getInteger("bench.threads", 24);
    private static final int REPLICAS = 3;
    private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Each measurement begins after a lull, as after a quiet moment of a service. */
    private static final long LULL_MILLIS = 1_500;
    private static final String USERNAME = "sandbox@leadroutes.example";
    private static final String PASSWORD = "sandbox-password";
    private static final String BODY = "{\"matchPersonInput\":[{\"personId\":1000000003}],\"outputFields\":[\"id\"]}";
    private static final double NANOS = 1e9;

    /**
     * How the server measures.
     *
     * @param window length in seconds of the window that binds
     */
    private record Model(String name, String title, int window, int replicas) {

        int seconds() {
            return window == 1 ? CELL : 2 * window;
        }

        String settings(boolean enforced) {
            String limits = window == 1 ? "\"perSecond\":" + Contender.PER_SECOND + ",\"windows\":[]"
                    : "\"perSecond\":0,\"windows\":[{\"limit\":" + Contender.PER_SECOND * window + ",\"seconds\":" + window
                            + "}]";
            return "{\"windowModel\":\"" + name + "\",\"latency\":{\"min\":50,\"max\":150},"
                    + "\"usage\":{\"enforced\":false},\"limits\":{\"enforced\":" + enforced + ",\"standard\":{\"perMinute\":1500," + limits + "}}}";
        }
    }

    private record Result(Contender contender, Model model, double seconds, long admitted, long rejected,
            OptionalDouble closestMillis) {

        /** Empty where no second was limited. */
        String closest() {
            return closestMillis.isEmpty() ? "" : String.format(Locale.ROOT, "%.1f", closestMillis.getAsDouble());
        }

        double share() {
            return 100 * admitted / (seconds * Contender.PER_SECOND);
        }

        double wasted() {
            return admitted + rejected == 0 ? 0 : 100.0 * rejected / (admitted + rejected);
        }
    }

    private LimiterBenchmark() {
    }

    public static void main(String[] arguments) throws Exception {
        List<Model> models = new ArrayList<>();
        for (String name : List.of("sliding-log", "fixed", "sliding-counter", "token-bucket", "smooth")) {
            models.add(new Model(name, name + ", 1 s", 1, 1));
        }
        models.add(new Model("fixed", "fixed, " + LONG + " s", LONG, 1));
        models.add(new Model("sliding-log", "sliding-log, " + LONG + " s", LONG, 1));
        models.add(new Model("sliding-log", "sliding-log, 1 s, " + REPLICAS + " replicas", 1, REPLICAS));
        models.removeIf(model -> !wanted("bench.models", model.title().replace(" ", "").replace(",", "/")));
        List<Contender> contenders = Arrays.stream(Contender.values())
                .filter(each -> wanted("bench.contenders", each.name())).toList();

        List<Result> results = new ArrayList<>();
        try (Setup sandbox = new Setup()) {
            sandbox.sandboxSettings(models.get(0).settings(false));
            Target target = new Target(sandbox.zoominfoUrl(), USERNAME, PASSWORD, token(sandbox), BODY);
            warm(contenders, target);
            for (Model model : models) {
                for (Contender contender : contenders) {
                    Result result = measure(sandbox, target, contender, model);
                    results.add(result);
                    System.out.printf(Locale.ROOT,
                            "%-26s %-30s %6.2f %% of the rate, %5d admitted, %5d refused, 26 calls within %s ms%n",
                            contender.title(), model.title(), result.share(), result.admitted(), result.rejected(),
                            result.closest());
                }
            }
        }
        System.out.println(markdown(contenders, models, results));
        csv(results);
    }

    private static boolean wanted(String property, String name) {
        String chosen = System.getProperty(property, "");
        return chosen.isBlank() || Arrays.asList(chosen.split(",")).contains(name);
    }

    /** The JVM compiles what all of them use before the first is measured. */
    private static void warm(List<Contender> contenders, Target target) throws Exception {
        for (Contender contender : contenders) {
            try (Replicas replicas = contender.start(target, 1)) {
                replicas.saturate(THREADS, WARM_NANOS);
            }
        }
    }

    private static Result measure(Setup sandbox, Target target, Contender contender, Model model) throws Exception {
        sandbox.sandboxSettings(model.settings(false));
        try (Replicas replicas = contender.start(target, model.replicas())) {
            replicas.saturate(THREADS, WARM_NANOS);
            Thread.sleep(LULL_MILLIS);
            // Another limit and back: the windows are empty then, whatever came before.
            sandbox.sandboxSettings("{\"limits\":{\"standard\":{\"perMinute\":1499}}}");
            sandbox.sandboxSettings(model.settings(true));
            awaitBeginOfWindow(model.window());
            JsonNode before = rate(sandbox);
            long begin = System.nanoTime();
            replicas.saturate(THREADS, TimeUnit.SECONDS.toNanos(model.seconds()));
            double seconds = (System.nanoTime() - begin) / NANOS;
            JsonNode after = rate(sandbox);
            JsonNode closest = after.at("/closestArrivals/withinMillis");
            return new Result(contender, model, seconds, difference(before, after, "admitted"),
                    difference(before, after, "rejected"), closest.isNumber() ? OptionalDouble.of(closest.asDouble())
                            : OptionalDouble.empty());
        }
    }

    private static void awaitBeginOfWindow(int seconds) throws InterruptedException {
        long length = TimeUnit.SECONDS.toMillis(seconds);
        Thread.sleep(length - System.currentTimeMillis() % length);
    }

    private static JsonNode rate(Setup sandbox) throws IOException, InterruptedException {
        return sandbox.json(sandbox.zoominfoUrl() + "/_sandbox/stats").at("/rate/standard");
    }

    private static long difference(JsonNode before, JsonNode after, String name) {
        return after.path(name).asLong() - before.path(name).asLong();
    }

    private static String token(Setup sandbox) throws IOException, InterruptedException {
        return sandbox.authenticate("{\"username\":\"" + USERNAME + "\",\"password\":\"" + PASSWORD + "\"}");
    }

    private static String markdown(List<Contender> contenders, List<Model> models, List<Result> results) {
        StringBuilder table = new StringBuilder("\nShare of the rate that was admitted / calls refused with 429 / "
                + "share of calls wasted, " + THREADS + " threads\n\n| limiter |");
        models.forEach(model -> table.append(' ').append(model.title()).append(" |"));
        table.append("\n|---|").append("---|".repeat(models.size())).append('\n');
        Map<String, Result> byCell = new LinkedHashMap<>();
        results.forEach(result -> byCell.put(result.contender() + "|" + result.model(), result));
        for (Contender contender : contenders) {
            table.append("| ").append(contender.title()).append(" |");
            for (Model model : models) {
                Result result = byCell.get(contender + "|" + model);
                table.append(String.format(Locale.ROOT, " %.1f %% / %d / %.1f %% |", result.share(), result.rejected(),
                        result.wasted()));
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static void csv(List<Result> results) throws IOException {
        List<String> lines = new ArrayList<>(List.of("limiter,model,window_seconds,replicas,threads,seconds,admitted,"
                + "refused,share_percent,wasted_percent,closest_26_arrivals_ms"));
        for (Result each : results) {
            lines.add(String.format(Locale.ROOT, "%s,%s,%d,%d,%d,%.2f,%d,%d,%.2f,%.2f,%s", each.contender().title(),
                    each.model().name(), each.model().window(), each.model().replicas(), THREADS, each.seconds(),
                    each.admitted(), each.rejected(), each.share(), each.wasted(), each.closest()));
        }
        Files.write(Path.of("target", "limiters.csv"), lines);
    }
}
