package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.TestDatabase;
import io.leadroutes.process.PackagedProcess.SandboxPorts;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The packaged application in a directory of its own, with a sandbox in a process of its own. */
public final class Installation implements AutoCloseable {

    public static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final World WORLD = World.of(42);
    private static int people;

    final SandboxPorts ports = SandboxPorts.free();
    final int port;
    final int managementPort;
    final Path directory;
    final PackagedProcess sandbox;
    final PackagedProcess application;

    /** Prepares both; nothing runs yet. */
    Installation(String name, Map<String, String> keys) throws IOException {
        List<Integer> own = PackagedProcess.freePorts(2);
        port = own.get(0);
        managementPort = own.get(1);
        directory = Path.of("target", "it", name).toAbsolutePath();
        copyFiles(directory);
        sandbox = PackagedProcess.sandbox(ports, directory.resolve("sandbox.log"));
        Map<String, String> all = new HashMap<>(keys);
        all.putIfAbsent("database.url", TestDatabase.freshUrl());
        application = PackagedProcess.application(ports, port, managementPort, all, directory.resolve("application.log"))
                .in(directory);
    }

    /** Starts both side by side; the sandbox, which has less to load, is there before it is asked for anything. */
    Installation start() throws IOException {
        sandbox.startWithoutWaiting();
        application.startWithoutWaiting();
        sandbox.awaitReady();
        application.awaitReady();
        return this;
    }

    /** Ends both for good; a test that has been asserted needs no drain. */
    @Override
    public void close() {
        application.kill();
        sandbox.kill();
    }

    /** Puts the configuration, the routes and the rules as shipped into a directory; what was in it is gone. */
    public static void copyFiles(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> old = Files.walk(directory)) {
                for (Path each : old.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(each);
                }
            }
        }
        Files.createDirectories(directory);
        for (String top : List.of("application.properties", "routes", "rules")) {
            try (Stream<Path> files = Files.walk(Path.of(top))) {
                for (Path each : files.filter(Files::isRegularFile).toList()) {
                    Path target = directory.resolve(each.toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(each, target);
                }
            }
        }
    }

    /** A person of the sandbox's world that no other lead of this test run is; everything ZoomInfo needs is known. */
    public static synchronized Person person() {
        while (true) {
            Person person = WORLD.people().get(people++ * 37 % WORLD.people().size());
            if (!person.email().isEmpty() && !person.optedOut() && person.place().countryCode().equals("US")
                    && WORLD.personByEmail(person.email()).filter(found -> found.id() == person.id()).isPresent()) {
                return person;
            }
        }
    }

    public static Map<String, Object> lead(Person person) {
        Map<String, Object> lead = new HashMap<>();
        lead.put("source", "webform");
        lead.put("recordId", UUID.randomUUID().toString());
        lead.put("firstName", person.firstName());
        lead.put("lastName", person.lastName());
        lead.put("company", person.company().name());
        lead.put("email", person.email());
        return lead;
    }

    public static List<Map<String, Object>> leads(int count) {
        List<Map<String, Object>> leads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leads.add(lead(person()));
        }
        return leads;
    }

    String api(String path) {
        return "http://localhost:" + port + path;
    }

    /** Posts a lead or a list of leads that is to be taken; the event ids in their order. */
    List<String> post(Object leads) throws IOException {
        HttpResponse<String> answer = PackagedProcess.send("POST", api("/api/leads"), JSON.writeValueAsString(leads));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        List<String> ids = new ArrayList<>();
        JSON.readTree(answer.body()).path("eventIds").forEach(id -> ids.add(id.asText()));
        return ids;
    }

    String post(Person person) throws IOException {
        return post((Object) lead(person)).get(0);
    }

    JsonNode story(String eventId) throws IOException {
        return PackagedProcess.json(api("/api/leads/" + eventId));
    }

    /** Waits until the lead is in one of the states; its story then. */
    JsonNode await(String eventId, String... states) {
        return Awaitility.await(eventId + " is " + List.of(states)).atMost(PATIENCE)
                .pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(100))
                .until(() -> story(eventId), story -> Set.of(states).contains(story.path("state").asText()));
    }

    /** Waits until each lead is in one of the states; their stories in the same order. */
    List<JsonNode> await(List<String> eventIds, String... states) {
        return eventIds.stream().map(id -> await(id, states)).toList();
    }

    JsonNode deadLetters(String query) throws IOException {
        return PackagedProcess.json(api("/api/dead-letters?limit=500" + query)).path("deadLetters");
    }

    long deadLettersOf(List<String> eventIds) throws IOException {
        long count = 0;
        for (JsonNode letter : deadLetters("&state=OPEN")) {
            count += eventIds.contains(letter.path("eventId").asText()) ? 1 : 0;
        }
        return count;
    }

    long leadsStored() throws IOException {
        return PackagedProcess.json(api("/api/leads?limit=500")).path("leads").size();
    }

    void zoominfo(String settings) throws IOException {
        ports.zoominfo(settings);
    }

    void salesforce(String settings) throws IOException {
        ports.salesforce(settings);
    }

    JsonNode zoominfoStats() throws IOException {
        return ports.zoominfoStats();
    }

    JsonNode health(String which) throws IOException {
        return PackagedProcess.json("http://localhost:" + managementPort + "/observe/health/" + which);
    }

    /** What the application has logged so far. */
    String log() {
        try {
            return Files.readString(directory.resolve("application.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitLog(String text) {
        Awaitility.await("log has: " + text).atMost(PATIENCE).pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(log()).contains(text));
    }
}
