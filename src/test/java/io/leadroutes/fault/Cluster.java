package io.leadroutes.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.process.Installation;
import io.leadroutes.process.PackagedProcess;
import io.leadroutes.process.PackagedProcess.SandboxPorts;
import io.leadroutes.sandbox.world.Person;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * N replicas of the packaged application on one PostgreSQL and one sandbox, each in a process of its own. What is fed
 * through it is remembered, for {@link Invariants} to check what became of it.
 *
 * <p>Prepared first ({@code replicas}, {@code key}, {@code file}, {@code proxied} …), then {@link #start() started}.
 * It * ends only what it has started; a JVM that ends without {@link #close()} takes the processes with it.
 */
public final class Cluster implements AutoCloseable {

    /** Cheap to start: on two cores a replica is ready after some three seconds of CPU time. */
    private static final List<String> CHEAP = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    /**
     * It stands for servers elsewhere and measures when calls arrive: a collector that stops it for ten milliseconds
     * would make a call late that was not. The log tells whether it stood still.
     */
    private static final List<String> WITHOUT_PAUSES = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseZGC");
    private static final int LEADS_A_REQUEST = 500;
    private static final Duration POST_PATIENCE = Duration.ofSeconds(60);
    private static final Duration UNRENEWED = Duration.ofSeconds(8);

    private final SandboxPorts ports = SandboxPorts.free();
    private final Path directory;
    private final PackagedProcess sandbox;
    private final PostgresServer database;
    private final Map<String, String> keys = new HashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Set<Link> proxied = EnumSet.noneOf(Link.class);
    private final Map<Link, FaultProxy> shared = new EnumMap<>(Link.class);
    private final List<Replica> replicas = new ArrayList<>();
    private final Set<String> events = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Set<String> salesforceLeads = new LinkedHashSet<>();
    private final Map<String, String> refusals = new ConcurrentHashMap<>();
    private final Set<String> sensitive = ConcurrentHashMap.newKeySet();
    private final Thread endWithJvm = new Thread(this::end, "cluster-end");
    private List<String> flags = CHEAP;
    private int size = 1;

    /** Prepares a cluster below {@code target/it/name}; what was there is gone. */
    public Cluster(String name) throws IOException {
        directory = Path.of("target", "it", name).toAbsolutePath();
        deleteBelow(directory);
        List<String> sandboxFlags = new ArrayList<>(WITHOUT_PAUSES);
        sandboxFlags.add("-Xlog:safepoint,gc:file=" + directory.resolve("sandbox-pauses.log") + ":tn");
        sandbox = PackagedProcess.sandbox(ports, directory.resolve("sandbox.log")).flags(sandboxFlags);
        database = new PostgresServer(directory);
    }

    private static void deleteBelow(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> old = Files.walk(directory)) {
                for (Path each : old.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(each);
                }
            }
        }
        Files.createDirectories(directory);
    }

    public Cluster replicas(int count) {
        size = count;
        return this;
    }

    /** A configuration key of all replicas. */
    public Cluster key(String key, String value) {
        keys.put(key, value);
        return this;
    }

    /** A file that an engineer would put into each replica's directory, such as {@code routes/jobs/my.camel.yaml}. */
    public Cluster file(String path, String content) {
        files.put(path, content);
        return this;
    }

    /** Flags of the replicas' JVMs in place of those for a cheap start. */
    public Cluster flags(String... jvm) {
        flags = List.of(jvm);
        return this;
    }

    /** Puts a proxy on these connections: of each replica ({@link Replica#proxy}), or {@link #proxy one for all}. */
    public Cluster proxied(Link... links) {
        proxied.addAll(List.of(links));
        return this;
    }

    /** Starts database and sandbox; replicas are started by {@link #start()} or one by one. */
    public Cluster startAround() throws IOException {
        Runtime.getRuntime().addShutdownHook(endWithJvm);
        sandbox.startWithoutWaiting();
        database.start();
        if (proxied.contains(Link.ZOOMINFO)) {
            shared.put(Link.ZOOMINFO, new FaultProxy(ports.zoominfo()));
        }
        for (int i = 0; i < size; i++) {
            replicas.add(prepare("replica-" + i));
        }
        sandbox.awaitReady();
        preferred(sandbox.handle().pid());
        return this;
    }

    /**
     * Where it may, puts the sandbox before the replicas: it stands for systems on other machines, and an arrival that
     * waits for a processor is measured late.
     */
    private static void preferred(long pid) throws IOException {
        new ProcessBuilder("renice", "-n", "-10", "-p", Long.toString(pid))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().onExit().join();
    }

    /** Starts everything, the replicas side by side, and waits until all are ready. */
    public Cluster start() throws IOException {
        startAround();
        return startReplicas();
    }

    /** Starts the replicas after {@link #startAround()}, side by side, and waits until all are ready. */
    public Cluster startReplicas() throws IOException {
        // One after the other where the schema is made; the others find it.
        replicas.get(0).start();
        for (Replica replica : replicas.subList(1, size)) {
            replica.startWithoutWaiting();
        }
        replicas.forEach(Replica::awaitReady);
        return this;
    }

    private Replica prepare(String name) throws IOException {
        Path home = directory.resolve(name);
        Installation.copyFiles(home);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = home.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Map<Link, FaultProxy> proxies = new EnumMap<>(Link.class);
        Map<String, String> own = new HashMap<>();
        int databasePort = database.port();
        for (Link link : proxied) {
            FaultProxy proxy = link == Link.ZOOMINFO ? shared.get(link) : new FaultProxy(switch (link) {
                case DATABASE -> database.port();
                case SALESFORCE -> ports.salesforce();
                default -> ports.pubsub();
            });
            if (link != Link.ZOOMINFO) {
                proxies.put(link, proxy);
            }
            switch (link) {
                case DATABASE -> databasePort = proxy.port();
                case ZOOMINFO -> own.put("zoominfo.base-url", "http://localhost:" + proxy.port());
                case SALESFORCE -> own.put("salesforce.login-url", "http://localhost:" + proxy.port());
                default -> own.put("salesforce.pubsub.port", "" + proxy.port());
            }
        }
        own.put("database.url", PostgresServer.url(databasePort));
        own.putAll(keys);
        List<Integer> free = PackagedProcess.freePorts(2);
        return new Replica(name, PackagedProcess.application(ports, free.get(0), free.get(1), own,
                directory.resolve(name + ".log")).in(home).flags(flags), free.get(0), free.get(1), proxies);
    }

    /** The replica that runs the enrichment egress of the standard tier; waits until one does. */
    public Replica holder() {
        return Awaitility.await("a replica holds the egress lease").atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50)).pollDelay(Duration.ZERO).ignoreExceptions()
                .until(this::heldBy, Optional::isPresent).orElseThrow();
    }

    /** By the epoch in the database and the log line of who holds it: metrics wait for a database that is away. */
    private Optional<Replica> heldBy() {
        return jdbc().queryForList("""
                select epoch from egress_slot where tier = 'standard' and lease_until > clock_timestamp()""",
                Long.class)
                .stream().flatMap(epoch -> running().stream().filter(replica -> replica.log().contains(
                        "runs the enrichment egress of the standard tier (epoch " + epoch + ")"))).findFirst();
    }

    public Replica replica(int index) {
        return replicas.get(index);
    }

    public List<Replica> replicas() {
        return List.copyOf(replicas);
    }

    /** Those that run and are not paused. */
    public List<Replica> running() {
        return replicas.stream().filter(Replica::isRunning).toList();
    }

    public PostgresServer database() {
        return database;
    }

    /** Queries the database directly, past any proxy. */
    public JdbcTemplate jdbc() {
        PGSimpleDataSource direct = new PGSimpleDataSource();
        direct.setUrl(database.url());
        return new JdbcTemplate(direct);
    }

    /** The proxy that all replicas share. */
    public FaultProxy proxy(Link link) {
        FaultProxy proxy = shared.get(link);
        if (proxy == null) {
            throw new IllegalStateException("no shared proxy on " + link + ": there is one for ZOOMINFO if proxied");
        }
        return proxy;
    }

    /** The stand-ins: settings, statistics, addresses. */
    public SandboxPorts sandbox() {
        return ports;
    }

    /** Where it lives. */
    public Path directory() {
        return directory;
    }

    // ---- what goes in

    /**
     * Posts new leads, each a person of its own, over HTTP to the replicas that run, and tries again elsewhere what was
     * not answered with 202: a repeat is the same event.
     *
     * @return their event ids
     */
    public List<String> feed(int count) throws IOException {
        List<String> ids = new ArrayList<>();
        for (int left = count; left > 0; left -= LEADS_A_REQUEST) {
            List<Map<String, Object>> leads = new ArrayList<>();
            for (int i = 0; i < Math.min(left, LEADS_A_REQUEST); i++) {
                leads.add(lead(Installation.person()));
            }
            ids.addAll(post(leads));
        }
        return ids;
    }

    /** A lead who is this person, as a web form brings it. */
    public Map<String, Object> lead(Person person) {
        Map<String, Object> lead = new HashMap<>(Installation.lead(person));
        sensitive.add(person.email());
        if (!person.mobilePhone().isEmpty()) {
            lead.put("phone", person.mobilePhone());
            sensitive.add(person.mobilePhone());
        }
        return lead;
    }

    /** As {@link #feed(int)}, with leads of the test's own. */
    public List<String> post(List<Map<String, Object>> leads) throws IOException {
        byte[] body = Installation.JSON.writeValueAsBytes(leads);
        return Awaitility.await(leads.size() + " leads are accepted").atMost(POST_PATIENCE)
                .pollInterval(Duration.ofMillis(500)).pollDelay(Duration.ZERO).until(() -> tryPost(body),
                        answer -> !answer.isEmpty());
    }

    /** Adds what was acknowledged to a test that has posted leads itself; the event ids of an answer 202. */
    public List<String> remember(String answer) throws IOException {
        List<String> ids = new ArrayList<>();
        Installation.JSON.readTree(answer).path("eventIds").forEach(id -> ids.add(id.asText()));
        events.addAll(ids);
        return ids;
    }

    /** The event ids, or none when no replica took the leads. */
    private List<String> tryPost(byte[] body) {
        for (Replica replica : running()) {
            try {
                HttpResponse<String> answer = PackagedProcess.send(HttpRequest.newBuilder(
                        URI.create(replica.api("/api/leads")))
                        .header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(body)));
                if (answer.statusCode() == 202) {
                    return remember(answer.body());
                }
                refusals.put(replica + " " + answer.statusCode(), answer.body());
            } catch (IOException e) {
                refusals.put(replica.toString(), e.toString());
            }
        }
        return List.of();
    }

    /** Answers other than 202 to leads that were fed, by replica and status, the last text of each. */
    public Map<String, String> refusals() {
        return Map.copyOf(refusals);
    }

    /** Creates leads in the CRM, as a sales team's web form would; they come in by its stream of changes. */
    public Set<String> createInSalesforce(int count) throws IOException {
        Set<String> ids = new LinkedHashSet<>();
        Installation.JSON.readTree(PackagedProcess.send("POST", ports.salesforceUrl() + "/_sandbox/sample-leads",
                "{\"count\": " + count + "}").body()).path("ids").forEach(id -> ids.add(id.asText()));
        salesforceLeads.addAll(ids);
        return ids;
    }

    /** Event ids that were acknowledged with 202. */
    public Set<String> acknowledged() {
        return Set.copyOf(events);
    }

    /** Ids of the leads that were created in the CRM. */
    public Set<String> createdInSalesforce() {
        return Set.copyOf(salesforceLeads);
    }

    /** E-mail addresses and numbers of whom we fed. */
    Set<String> sensitive() {
        return Set.copyOf(sensitive);
    }

    // ---- what comes out

    /** Leads that have an outcome: done, or a dead letter. */
    public long ended() {
        return jdbc().queryForObject("select count(*) from lead_event where state in ('DONE', 'DEAD')", Long.class);
    }

    /** Leads that went in. */
    public long fed() {
        return (long) events.size() + salesforceLeads.size();
    }

    /** Waits until all that went in has an outcome. */
    public void awaitOutcomes(Duration patience) {
        awaitEnded(fed(), patience);
    }

    /** As {@link #awaitOutcomes}, but claims that were left behind are {@link #outliveClaims outlived}. */
    public void awaitOutcomesBeyondClaims(Duration patience) {
        Awaitility.await("all leads have an outcome, see " + directory).atMost(patience)
                .pollInterval(Duration.ofMillis(200)).ignoreExceptions().until(() -> {
                    outliveClaims();
                    return ended() >= fed();
                });
    }

    /** Waits until at least so many leads have an outcome. */
    public void awaitEnded(long count, Duration patience) {
        Awaitility.await(count + " leads have an outcome, see " + directory).atMost(patience)
                .pollInterval(Duration.ofMillis(200)).ignoreExceptions().until(this::ended, ended -> ended >= count);
    }

    /** Leads by state, for messages. */
    public Map<String, Long> states() {
        Map<String, Long> states = new LinkedHashMap<>();
        jdbc().query("select state, count(*) from lead_event group by state order by state", row -> {
            states.put(row.getString(1), row.getLong(2));
        });
        return states;
    }

    /** The calls that the ZoomInfo stand-in saw; of one path, or of all with an empty one. */
    public List<SeenCall> calls(String path) throws IOException {
        List<SeenCall> calls = new ArrayList<>();
        String log = PackagedProcess.get(ports.zoominfoUrl() + "/_sandbox/calls?path=" + path).body();
        for (String line : log.split("\n")) {
            if (!line.isBlank()) {
                JsonNode call = Installation.JSON.readTree(line);
                List<String> ids = new ArrayList<>();
                call.path("ids").forEach(id -> ids.add(id.asText()));
                calls.add(new SeenCall(call.path("arrivalNanos").asLong(), call.path("path").asText(),
                        call.path("status").asInt(0), call.path("requestId").asText(), ids));
            }
        }
        return calls;
    }

    /**
     * A call as ZoomInfo saw it.
     *
     * @param arrivalNanos by the clock of {@link System#nanoTime()}, which all processes of a Linux machine share
     * @param status       0 when it was not answered
     * @param requestId    the X-Request-Id that ZoomInfo gave it
     * @param ids          persons or companies that the answer was about
     */
    public record SeenCall(long arrivalNanos, String path, int status, String requestId, List<String> ids) {
    }

    /** Lets time pass in which the cluster is to do something. */
    public static void letPass(Duration length) {
        Awaitility.await().pollDelay(length).atMost(length.plusSeconds(10)).until(() -> true);
    }

    /**
     * Lets the claims of replicas that were killed run out, as if the rest of their time had passed: 15 s, 30 for those
     * of decisions. Those who live renew theirs every five seconds; what is younger than {@link #UNRENEWED} stays.
     */
    public void outliveClaims() {
        double age = running().isEmpty() ? 0 : UNRENEWED.toSeconds();
        jdbc().update("""
                update lead_event set lease_until = now()
                where lease_until > now()
                  and lease_until <= now() + make_interval(secs => case state when 'ENRICHED' then 30 else 15 end - ?)""",
                age);
    }

    private void end() {
        replicas.forEach(Replica::close);
        if (sandbox.isAlive()) {
            sandbox.handle().destroyForcibly();
        }
        shared.values().forEach(FaultProxy::close);
        database.close();
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(endWithJvm);
    }
}
