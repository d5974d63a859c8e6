package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.TestDatabase;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Bulk refreshes on the packaged application: what they cost, what ZoomInfo sees of them, and what a kill does. The
 * long form runs in the profile {@code faults}.
 */
class BulkRefreshIT {

    private static final boolean LONG = Boolean.getBoolean("bulk.long");
    private static final World WORLD = World.of(42);
    private static final String DATABASE = TestDatabase.freshUrl();
    private static Installation installation;

    @BeforeAll
    static void start() throws IOException {
        installation = new Installation("bulk-refresh", Map.of("database.url", DATABASE, "zoominfo.bulk.job-size",
                LONG ? "10000" : "500", "zoominfo.bulk.doubt", "20s", "zoominfo.bulk.poll", LONG ? "1s" : "500ms",
                "zoominfo.bulk.progress", "5000")).start();
        installation.zoominfo("{\"usage\": {\"uniqueIdLimit\": 1000000}}");
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @Test
    void killedInTheMiddleEveryPageIsFetchedOnceAndTheCreditsAreAsQuoted() throws Exception {
        if (LONG) {
            refresh(5_000, 500, List.of(1_500));
        } else {
            refresh(1_500, 250, List.of(500));
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "bulk.long", matches = "true")
    void aHundredThousandRecordsKilledTwiceInConstantMemory() throws Exception {
        refresh(100_000, 1_000, List.of(20_000, 60_000));
    }

    @Test
    void whatIsUnderManagementIsRefreshedForNothingByAQuery() throws Exception {
        List<String> leads = installation.post(Installation.leads(10)).stream().toList();
        installation.await(leads, "DONE", "DEAD");
        JsonNode order = json(PackagedProcess.send("POST", installation.api("/api/bulk-refreshes"),
                "{\"soql\": \"SELECT Id FROM Lead WHERE ZoomInfo_Person_Id__c != null\", \"start\": true}"), 202);
        JsonNode done = await(order.path("id").asText(), "DONE");
        assertThat(done.path("records").path("items").asInt()).isPositive();
        assertThat(done.path("quote").path("managed")).isEqualTo(done.path("records").path("items"));
        assertThat(done.path("credits").path("quoted").asInt()).isZero();
        assertThat(done.path("credits").path("spent").asInt()).isZero();
        assertThat(done.path("progress").path("matched")).isEqualTo(done.path("records").path("items"));
    }

    @Test
    void wrongUseIsAnsweredWithAClearProblem() throws IOException {
        assertThat(problem("/api/bulk-refreshes", "application/json", "{\"soql\": \"SELECT Id FROM User\"}", 400))
                .contains("Contact, Lead and Account can be refreshed");
        assertThat(problem("/api/bulk-refreshes", "application/json", "{}", 400)).contains("Give soql");
        assertThat(problem("/api/bulk-refreshes", "application/json", "{\"soql\": \"Email != null\", \"object\": \"Contact\","
                + "\"margin\": 2}", 400)).contains("margin is a share from 0 to 1");
        assertThat(problem("/api/bulk-refreshes", "text/csv", "what\n1\n", 400)).contains("head line must name");
        assertThat(problem("/api/bulk-refreshes?start=perhaps", "text/csv", "personId\n1\n", 400)).contains("true or false");
        assertThat(problem("/api/bulk-refreshes", "text/plain", "x", 415)).contains("text/csv");
        assertThat(problem("/api/bulk-refreshes/5/start", "application/json", "", 404)).contains("5");
    }

    private void refresh(int size, int pageSize, List<Integer> kills) throws Exception {
        installation.zoominfo("{\"bulk\": {\"pageSize\": " + pageSize + ", \"pageMillis\": 100}}");
        int paidBefore = installation.zoominfoStats().path("credits").path("charged").asInt();
        int callsBefore = pageCalls().values().stream().mapToInt(Integer::intValue).sum();
        String id = json(send("/api/bulk-refreshes", "text/csv", "personId\n" + ids(size)), 202).path("id").asText();
        JsonNode quoted = await(id, "QUOTED");
        assertThat(quoted.path("records").path("items").asInt()).isEqualTo(size);
        assertThat(installation.zoominfoStats().path("credits").path("charged").asInt()).as("a quote is free")
                .isEqualTo(paidBefore);
        long started = System.nanoTime();
        json(send("/api/bulk-refreshes/" + id + "/start", "application/json", ""), 200);
        for (int kill : kills) {
            awaitDone(id, kill);
            installation.application.kill();
            if (!LONG) {
                // As if the rest of it had passed: nobody is left who could renew it.
                jdbc().update("update bulk_refresh set lease_until = now() where lease_until > now()");
            }
            installation.application.start();
        }
        awaitDone(id, size);
        JsonNode done = await(id, "DONE");
        System.out.printf("bulk refresh of %d records with %d kill(s): %.0f s, %s%n", size, kills.size(),
                (System.nanoTime() - started) / 1e9, done);

        long quote = quoted.path("credits").path("quoted").asLong();
        long spent = done.path("credits").path("spent").asLong();
        assertThat(spent).as("credits as quoted, ± 1 %%").isBetween(quote * 99 / 100, quote * 101 / 100);
        JsonNode credits = installation.zoominfoStats().path("credits");
        assertThat(credits.path("charged").asLong() - paidBefore).as("what ZoomInfo charged").isEqualTo(spent);
        assertThat(credits.path("mostChargesOfOnePerson").asInt()).isEqualTo(1);

        JsonNode progress = done.path("progress");
        assertThat(progress.path("done").asInt()).isEqualTo(size);
        assertThat(progress.path("matched").asInt() + progress.path("unmatched").asInt()).isEqualTo(size);
        assertThat(progress.path("unanswered").asInt()).isZero();
        Map<String, Integer> pages = pageCalls();
        List<String> twice = pages.entrySet().stream().filter(page -> page.getValue() > 1).map(Map.Entry::getKey).toList();
        System.out.printf("pages: %d calls, fetched twice: %s%n",
                pages.values().stream().mapToInt(Integer::intValue).sum() - callsBefore, twice);
        assertThat(pages.values()).as("a page may be on its way when the process is killed; then it is fetched again, once")
                .allSatisfy(calls -> assertThat(calls).isLessThanOrEqualTo(2));
        assertThat(twice).hasSizeLessThanOrEqualTo(kills.size());
        assertThat(done.path("pages").path("fetched").asInt()).isGreaterThanOrEqualTo(size / pageSize);

        Map<String, Object> updates = jdbc().queryForMap("select count(*) as all, "
                + "count(distinct zoominfo_id) as persons from crm_update where key like ?", "bulk:" + id + ":%");
        assertThat(updates.get("all")).as("one update a person").isEqualTo(updates.get("persons"))
                .isEqualTo(progress.path("updates").asLong());
        assertThat(jdbc().queryForObject("select count(*) from bulk_item", Long.class)).isZero();
    }

    private static JdbcTemplate jdbc() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(DATABASE);
        return new JdbcTemplate(database);
    }

    /** People of the world, and where it has not so many, ids of nobody. */
    private static String ids(int size) {
        LongStream people = WORLD.people().stream().limit(size).mapToLong(Person::id);
        return LongStream.concat(people, LongStream.iterate(5, id -> id + 1)).limit(size).mapToObj(Long::toString)
                .collect(Collectors.joining("\n"));
    }

    /** Waits until so many records are done; with the memory of the application on the way, in the long form. */
    private static void awaitDone(String id, int records) {
        List<Integer> printed = new ArrayList<>();
        Awaitility.await(records + " records are done").atMost(Duration.ofMinutes(20)).pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    JsonNode refresh = PackagedProcess.json(installation.api("/api/bulk-refreshes/" + id));
                    assertThat(refresh.path("state").asText()).as("%s", refresh).isIn("RUNNING", "DONE");
                    int done = refresh.path("progress").path("done").asInt();
                    if (LONG && !printed.contains(done / 10_000)) {
                        printed.add(done / 10_000);
                        System.out.printf("%6d done, %s records/s, %s%n", done, refresh.path("progress").path("perSecond"),
                                memory(installation.application.handle().pid()));
                    }
                    return done >= records;
                });
    }

    private static String memory(long pid) throws IOException, InterruptedException {
        String rss = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(line -> line.startsWith("VmRSS"))
                .findFirst().orElse("").replaceAll("[^0-9]", "");
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        run(jcmd, pid, "GC.run");
        Matcher heap = Pattern.compile("used (\\d+)K").matcher(run(jcmd, pid, "GC.heap_info"));
        return "heap after GC " + (heap.find() ? Long.parseLong(heap.group(1)) / 1_024 : -1) + " MiB, RSS "
                + Long.parseLong("0" + rss) / 1_024 + " MiB";
    }

    private static String run(Path jcmd, long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(30, TimeUnit.SECONDS);
        return output;
    }

    /** Page of a job → how often ZoomInfo has answered with it. */
    private static Map<String, Integer> pageCalls() throws IOException {
        Map<String, Integer> calls = new TreeMap<>();
        for (String line : PackagedProcess.get(installation.ports.zoominfoUrl() + "/_sandbox/calls?path=/bulk/job/results")
                .body().split("\n")) {
            if (!line.isBlank() && Installation.JSON.readTree(line).path("status").asInt() == 200) {
                calls.merge(Installation.JSON.readTree(line).path("ids").path(0).asText(), 1, Integer::sum);
            }
        }
        return calls;
    }

    private static JsonNode await(String id, String state) {
        return Awaitility.await(id + " is " + state).atMost(Duration.ofMinutes(5)).pollInterval(Duration.ofMillis(200))
                .until(() -> PackagedProcess.json(installation.api("/api/bulk-refreshes/" + id)), refresh -> {
                    String now = refresh.path("state").asText();
                    assertThat(now).as("%s", refresh).isNotIn("FAILED", "PAUSED", "STOPPED_AT_QUOTE", "CANCELLED");
                    return now.equals(state);
                });
    }

    private static HttpResponse<String> send(String path, String type, String body) throws IOException {
        return PackagedProcess.send(HttpRequest.newBuilder(URI.create(installation.api(path))).header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static JsonNode json(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Installation.JSON.readTree(answer.body());
    }

    private static String problem(String path, String type, String body, int status) throws IOException {
        HttpResponse<String> answer = send(path, type, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValueSatisfying(
                value -> assertThat(value).startsWith("application/problem+json"));
        return answer.body();
    }
}
