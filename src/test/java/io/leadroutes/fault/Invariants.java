package io.leadroutes.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.fault.Cluster.SeenCall;
import io.leadroutes.process.Installation;
import io.leadroutes.process.PackagedProcess;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What holds after every run, whatever was done to the cluster:
 * <ol>
 * <li>every lead that was accepted has exactly one outcome, an effect in the CRM or a dead letter;
 * <li>no decision has two effects;
 * <li>the credits settled are the persons that ZoomInfo served, and never pass the budget;
 * <li>no call was answered with 429;
 * <li>each dead letter has the X-Request-Id of an answer, or says that there was none;
 * <li>no log has an e-mail address, a number or a token.
 * </ol>
 * What a test does on purpose it allows first; all else fails it. The figures of the run are printed and kept in
 * {@code target/fault-figures.txt}.
 */
public final class Invariants {

    private static final Path KEPT = Path.of("target", "fault-figures.txt");
    private static final Pattern EMAIL = Pattern.compile("[A-Za-z0-9._%+-]{2,}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");
    private static final Pattern PHONE = Pattern.compile(
            "(?<![\\w.:-])\\(?\\d{3}\\)?[ .-]\\d{3}[ .-]\\d{4}(?![\\w.:-])");
    private static final Pattern TOKEN = Pattern.compile(
            "eyJ[A-Za-z0-9_-]{10,}|Bearer [A-Za-z0-9]|BEGIN [A-Z ]*PRIVATE KEY|"
                    + "sandbox-password|sandbox-consumer-secret");
    /** The sandbox's own users are nobody. */
    private static final String NOBODY = "@leadroutes.example";

    private final Cluster cluster;
    private long rateLimitedAllowed;
    private boolean parkedAllowed;
    private long budget = Long.MAX_VALUE;
    private String label = "";

    private Invariants(Cluster cluster) {
        this.cluster = cluster;
    }

    public static Invariants of(Cluster cluster) {
        return new Invariants(cluster);
    }

    /** Names the run in the printed figures. */
    public Invariants named(String name) {
        label = name;
        return this;
    }

    /** The test brings about up to so many answers of 429. */
    public Invariants allowRateLimited(long most) {
        rateLimitedAllowed = most;
        return this;
    }

    /** Leads may be parked at the end. */
    public Invariants allowParked() {
        parkedAllowed = true;
        return this;
    }

    /** No more than so many credits may be settled. */
    public Invariants budget(long credits) {
        budget = credits;
        return this;
    }

    /**
     * @param written whether a record in the CRM was changed
     * @param keyed   whether that bears the key of the decision; marking an opt-out does not
     */
    private record Event(String id, String source, String recordId, String state, int credits, boolean written,
            boolean keyed, String crmId, long openLetters) {

        boolean hasOutcome() {
            return state.equals("DONE") && openLetters == 0 && (!written || !crmId.isEmpty())
                    || state.equals("DEAD") && openLetters == 1;
        }
    }

    /** Asserts all of it; the figures of the run. */
    public Figures check() throws IOException {
        List<SeenCall> calls = cluster.calls("");
        JsonNode zoominfo = cluster.sandbox().zoominfoStats();
        List<Event> events = events();
        Map<String, String> crm = operations();
        List<String> lost = lost(events, crm);
        long doubled = doubled(events, crm);
        long rateLimited = zoominfo.path("rateLimited").asLong();
        Figures figures = new Figures(calls, rateLimited, lost.size(), doubled, ", credits "
                + zoominfo.path("credits").path("charged").asLong() + ", leads " + events.size() + " "
                + events.stream().collect(Collectors.groupingBy(Event::state, TreeMap::new, Collectors.counting())));
        print(label.isEmpty() ? cluster.directory().getFileName().toString() : label, figures);
        assertThat(lost).as("leads without exactly one outcome, first 20 of %d", lost.size()).isEmpty();
        assertThat(doubled).as("effects doubled").isZero();
        credits(zoominfo.path("credits"), events);
        assertThat(rateLimited).as("calls answered with 429").isLessThanOrEqualTo(rateLimitedAllowed);
        letters(calls);
        logs();
        return figures;
    }

    private List<Event> events() {
        return cluster.jdbc().query("""
                select event_id::text, source, record_id, state, credits,
                       coalesce(jsonb_array_length(writes -> 0 -> 'fields'), 0) > 0,
                       coalesce(jsonb_exists(writes -> 0 -> 'fields', 'LeadRoutes_Operation__c'), false),
                       coalesce(writes -> 0 ->> 'recordId', ''),
                       (select count(*) from dead_letter d where d.event_id = e.event_id and d.state = 'OPEN')
                from lead_event e""",
                (row, number) -> new Event(row.getString(1), row.getString(2), row.getString(3), row.getString(4),
                        row.getInt(5), row.getBoolean(6), row.getBoolean(7), row.getString(8), row.getLong(9)));
    }

    /** I1. */
    private List<String> lost(List<Event> events, Map<String, String> crm) {
        List<String> lost = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Map<String, Integer> fromSalesforce = new HashMap<>();
        for (Event event : events) {
            ids.add(event.id());
            if (event.source().equals("salesforce")) {
                fromSalesforce.merge(event.recordId(), 1, Integer::sum);
            }
            if (!event.hasOutcome() && !(parkedAllowed && event.state().equals("PARKED"))) {
                lost.add("no outcome: " + event);
            } else if (event.keyed() && crm.getOrDefault(event.crmId(), "").isEmpty()) {
                lost.add("done, but not in the CRM: " + event);
            }
        }
        cluster.acknowledged().stream().filter(id -> !ids.contains(id))
                .forEach(id -> lost.add("acknowledged, not there: " + id));
        cluster.createdInSalesforce().stream().filter(id -> fromSalesforce.getOrDefault(id, 0) != 1)
                .forEach(id -> lost.add("created in Salesforce, events: "
                        + fromSalesforce.getOrDefault(id, 0) + ": " + id));
        return lost.subList(0, Math.min(20, lost.size()));
    }

    /** I2: writes beyond one for each lead that was written, and decisions that two records bear. */
    private long doubled(List<Event> events, Map<String, String> crm) throws IOException {
        JsonNode writes = cluster.sandbox().salesforceStats().path("leadWritesByIntegrationUser");
        Map<String, Long> allowed = new HashMap<>();
        events.stream().filter(Event::written).forEach(event -> allowed.merge(event.crmId(), 1L, Long::sum));
        long most = allowed.values().stream().mapToLong(Long::longValue).max().orElse(0);
        // An opt-out found marked was marked by us, by a process that ended before it had noted that.
        long written = allowed.values().stream().mapToLong(Long::longValue).sum() + cluster.jdbc().queryForObject(
                "select count(*) from lead_event where timeline::text like '%the opt-out is marked already%'", Long.class);
        List<String> operations = crm.values().stream().filter(operation -> !operation.isEmpty()).toList();
        long shared = operations.size() - Set.copyOf(operations).size();
        assertThat(writes.path("max").asLong()).as("writes of one lead: %s", writes)
                .isLessThanOrEqualTo(Math.max(1, most));
        return Math.max(0, writes.path("writes").asLong() - written) + shared;
    }

    /** I3. */
    private void credits(JsonNode charged, List<Event> events) {
        JdbcTemplate jdbc = cluster.jdbc();
        long served = charged.path("uniquePersons").asLong();
        long settled = jdbc.queryForObject("select count(*) from redeemed_person", Long.class);
        assertThat(settled).as("persons paid for, by our count, and served by ZoomInfo: %s", charged).isEqualTo(served);
        assertThat(events.stream().mapToLong(Event::credits).sum()).as("credits of all leads").isEqualTo(served);
        Map<String, Object> ledger = jdbc.queryForMap(
                "select settled, reserved from credit_use where source = '' and day = 'infinity'");
        assertThat(ledger.get("settled")).as("credits settled in the ledger")
                .isEqualTo(charged.path("charged").asLong());
        if (!parkedAllowed) {
            assertThat(ledger.get("reserved")).as("credits still reserved when all leads have ended").isEqualTo(0L);
        }
        assertThat(charged.path("mostChargesOfOnePerson").asLong()).as("charges of one person").isLessThanOrEqualTo(1);
        assertThat(served).as("credits within the budget").isLessThanOrEqualTo(budget);
    }

    /** I5. */
    private void letters(List<SeenCall> calls) {
        Set<String> answered = calls.stream().map(SeenCall::requestId).collect(Collectors.toSet());
        cluster.jdbc().query("select request_id, request_id_kind, stage, message from dead_letter", row -> {
            String id = row.getString(1);
            assertThat(id).as("request id of a dead letter: %s", row.getString(4)).isNotBlank();
            if (row.getString(2).equals("RESPONSE") && row.getString(3).equals("ENRICH")) {
                assertThat(answered).as("X-Request-Id of a dead letter is one that ZoomInfo gave").contains(id);
            } else {
                assertThat(row.getString(2)).as("kind of request id").isIn("RESPONSE", "SENT");
            }
        });
    }

    /** I6. */
    private void logs() throws IOException {
        for (Replica replica : cluster.replicas()) {
            String log = replica.log();
            List<String> found = new ArrayList<>();
            for (Pattern pattern : List.of(EMAIL, PHONE, TOKEN)) {
                Matcher matcher = pattern.matcher(log);
                while (matcher.find()) {
                    if (!matcher.group().endsWith(NOBODY)) {
                        found.add(lineAround(log, matcher.start()));
                    }
                }
            }
            cluster.sensitive().stream().filter(log::contains).forEach(found::add);
            assertThat(found).as("personal data or tokens in the log of %s", replica).isEmpty();
        }
    }

    private static String lineAround(String text, int position) {
        int end = text.indexOf('\n', position);
        return text.substring(text.lastIndexOf('\n', position) + 1, end < 0 ? text.length() : end);
    }

    /** The operation key of each lead in the CRM by the id of its record, empty for none. */
    private Map<String, String> operations() throws IOException {
        String salesforce = cluster.sandbox().salesforceUrl();
        String token = Installation.JSON.readTree(PackagedProcess.send(HttpRequest.newBuilder(
                URI.create(salesforce + "/services/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(
                        "grant_type=client_credentials&client_id=sandbox-consumer-key"
                                + "&client_secret=sandbox-consumer-secret"))).body()).path("access_token").asText();
        Map<String, String> operations = new HashMap<>();
        String next = "/services/data/v62.0/query?q=" + URLEncoder.encode(
                "SELECT Id, LeadRoutes_Operation__c FROM Lead", StandardCharsets.UTF_8);
        while (!next.isEmpty()) {
            JsonNode page = Installation.JSON.readTree(PackagedProcess.send(HttpRequest.newBuilder(
                    URI.create(salesforce + next)).header("Authorization", "Bearer " + token)).body());
            page.path("records").forEach(record -> operations.put(record.path("Id").asText(),
                    record.path("LeadRoutes_Operation__c").asText("")));
            next = page.path("nextRecordsUrl").asText("");
        }
        return operations;
    }

    /** Prints the figures of a run or of a part of it, and keeps them. */
    public static void print(String label, Figures figures) throws IOException {
        String line = label + ": " + figures;
        System.out.println(line);
        Files.writeString(KEPT, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
