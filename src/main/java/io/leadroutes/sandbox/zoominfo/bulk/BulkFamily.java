package io.leadroutes.sandbox.zoominfo.bulk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Family;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.account.RateLimit;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.enrich.Enrich;
import io.leadroutes.sandbox.zoominfo.enrich.Enrich.Match;
import io.leadroutes.sandbox.zoominfo.enrich.EnrichCompany;
import io.leadroutes.sandbox.zoominfo.enrich.EnrichContact;
import io.leadroutes.sandbox.zoominfo.search.Search;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The operations under {@code /bulk} (collected facts §9). */
public final class BulkFamily implements Family {

    /** Its answers carry no usage headers. */
    public static final String STATUS = "/bulk/job/status";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> NOT_IN_A_QUERY = Set.of("sortBy", "sortOrder", "rpp", "page");
    /** Output fields that bulk does not have, in lower case. */
    private static final Set<String> NOT_IN_BULK = Set.of("descriptionlist", "companydescriptionlist");

    private final ZoomInfoSettings settings;
    private final Enrich enrich;
    private final EnrichContact contacts;
    private final EnrichCompany companies;
    private final Search search;
    private final SandboxTime time;
    private final JsonFactory json = new JsonFactory();
    private final Map<String, Running> jobs = new LinkedHashMap<>();
    private final Map<String, Integer> servings = new HashMap<>();
    private final ArrayDeque<Long> accepted = new ArrayDeque<>();
    private long submitted;
    private long served;
    private int mostActive;
    private int mostServings;

    /** A job and how an item of it is written. */
    private record Running(BulkJob job, ItemWriter writer) {
    }

    private interface ItemWriter {

        /** @param index number of the item in its job, counted from 0 */
        void write(JsonGenerator out, int index, Match match) throws IOException;
    }

    public BulkFamily(World world, ZoomInfoSettings settings, Enrich enrich, Search search, SandboxTime time) {
        this.settings = settings;
        this.enrich = enrich;
        this.contacts = new EnrichContact(world, settings, enrich);
        this.companies = new EnrichCompany(world, enrich);
        this.search = search;
        this.time = time;
        settings.all.action("bulk.failJobs", () -> {
            advance();
            jobs.values().stream().map(Running::job).filter(BulkJob::isActive).forEach(BulkJob::fail);
        });
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.add("POST", "/bulk/search/contact", Tier.SCALING, Meter.NONE, (call, body) -> search(call, body, true));
        endpoints.add("POST", "/bulk/search/company", Tier.SCALING, Meter.NONE, (call, body) -> search(call, body, false));
        endpoints.add("POST", "/bulk/enrich/contact", Tier.SCALING, Meter.NONE, (call, body) -> enrich(call, body, true));
        endpoints.add("POST", "/bulk/enrich/company", Tier.SCALING, Meter.NONE, (call, body) -> enrich(call, body, false));
        endpoints.add("POST", STATUS, Tier.SCALING, Meter.NONE, (call, body) -> status(body));
        endpoints.add("POST", "/bulk/job/results", Tier.SCALING, Meter.NONE, this::results);
    }

    // ---- submission

    private Reply search(Call call, JsonNode body, boolean ofContacts) {
        BulkJob.Type type = switch (body.path("jobType").asText("preview")) {
            case "preview" -> BulkJob.Type.PREVIEW;
            case "redeem" -> BulkJob.Type.REDEEM;
            default -> throw invalid("jobType");
        };
        JsonNode query = body.path("query");
        if (!query.isObject()) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        List<String> unwanted = NOT_IN_A_QUERY.stream().filter(query::has).sorted().toList();
        if (!unwanted.isEmpty()) {
            throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", unwanted);
        }
        if (type == BulkJob.Type.PREVIEW && body.has("outputFields")) {
            throw invalid("outputFields");
        }
        Optional<List<String>> fields = type == BulkJob.Type.PREVIEW ? Optional.empty()
                : Optional.of(outputFields(body, ofContacts));
        List<Match> found = ofContacts
                ? search.people(query).stream().map(BulkFamily::matched).toList()
                : search.companies(query).stream().map(BulkFamily::matched).toList();
        if (found.size() > settings.bulkMostRecords.get()) {
            throw new ApiError(400, "The query finds " + found.size() + " records; a bulk job takes at most "
                    + settings.bulkMostRecords.get());
        }
        BulkJob.Work work = type == BulkJob.Type.PREVIEW ? found::subList
                : (from, to) -> enrich.chargedAsFarAsPossible(found.subList(from, to));
        Enrich.RecordWriter record = fields.map(names -> recordWriter(names, ofContacts))
                .orElse(ofContacts ? (out, match) -> Search.writePerson(out, match.person().orElseThrow())
                        : (out, match) -> Search.writeCompany(out, match.company().orElseThrow()));
        return submit(call, type, ofContacts, found.size(), work, (out, index, match) -> {
            out.writeObjectFieldStart("input");
            out.writeNumberField(ofContacts ? "personId" : "companyId", id(found.get(index)));
            out.writeEndObject();
            data(out, match, record);
        });
    }

    private Reply enrich(Call call, JsonNode body, boolean ofContacts) {
        List<String> fields = outputFields(body, ofContacts);
        List<String> required = ofContacts ? EnrichContact.requiredFields(body) : List.of();
        List<JsonNode> inputs = enrich.inputs(body, ofContacts ? "matchPersonInput" : "matchCompanyInput",
                settings.bulkMostInputs.get().intValue());
        Consumer<JsonNode> check = ofContacts ? EnrichContact::check : EnrichCompany::check;
        inputs.forEach(check);
        // Kept as bytes: trees of a hundred thousand inputs would be many times as large.
        byte[][] kept = new byte[inputs.size()][];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = inputs.get(i).toString().getBytes(StandardCharsets.UTF_8);
        }
        BulkJob.Work work = (from, to) -> {
            List<Match> matches = new ArrayList<>(to - from);
            for (int i = from; i < to; i++) {
                matches.add(match(tree(kept[i]), required, ofContacts));
            }
            return enrich.chargedAsFarAsPossible(matches);
        };
        Enrich.RecordWriter record = recordWriter(fields, ofContacts);
        return submit(call, BulkJob.Type.ENRICH, ofContacts, kept.length, work, (out, index, match) -> {
            out.writeFieldName("input");
            Enrich.echo(out, tree(kept[index]));
            data(out, match, record);
        });
    }

    private List<String> outputFields(JsonNode body, boolean ofContacts) {
        List<String> fields = ofContacts ? contacts.outputFields(body) : companies.outputFields(body);
        List<String> refused = fields.stream().filter(NOT_IN_BULK::contains).toList();
        if (!refused.isEmpty()) {
            throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidOutputFields", refused);
        }
        return fields;
    }

    private Enrich.RecordWriter recordWriter(List<String> fields, boolean ofContacts) {
        return ofContacts ? contacts.writer(fields) : companies.writer(fields);
    }

    /** An input that only its values spoil fails alone, not the job that has been accepted. */
    private Match match(JsonNode input, List<String> required, boolean ofContacts) {
        try {
            return ofContacts ? contacts.match(input, required) : companies.match(input);
        } catch (ApiError e) {
            return Match.none("INVALID_INPUT");
        }
    }

    private Reply submit(Call call, BulkJob.Type type, boolean ofContacts, int records, BulkJob.Work work,
            ItemWriter writer) {
        Instant now = advance();
        long active = active();
        if (active >= settings.bulkActiveJobs.get()) {
            throw new ApiError(settings.bulkTooManyJobsStatus.get().intValue(),
                    "You have reached the maximum number of active bulk jobs (" + settings.bulkActiveJobs.get() + ")");
        }
        long perSecond = settings.bulkNewJobsPerSecond.get();
        accepted.removeIf(at -> call.arrivalNanos() - at >= RateLimit.SECOND);
        if (perSecond > 0 && accepted.size() >= perSecond) {
            throw new ApiError(settings.bulkTooManyJobsStatus.get().intValue(), ApiError.TOO_FAST);
        }
        accepted.addLast(call.arrivalNanos());
        String id = newId();
        BulkJob job = new BulkJob(id, type, ofContacts, now, records, settings.bulkPageSize.get().intValue(),
                Duration.ofMillis(settings.bulkPageMillis.get()), submitted, work);
        jobs.put(id, new Running(job, writer));
        mostActive = Math.max(mostActive, (int) active + (job.isActive() ? 1 : 0));
        call.ids(List.of(id));
        return Reply.json(200, JSON.createObjectNode().put("jobId", id));
    }

    /** 40 hexadecimal digits that nobody guesses from those of another job. */
    private String newId() {
        try {
            String seed = "bulk job " + ++submitted + " of " + time.now() + " " + System.identityHashCode(this);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(seed.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- progress and results

    private Reply status(JsonNode body) {
        Instant now = advance();
        ObjectNode answer = JSON.createObjectNode();
        find(body).job().status(answer, now, settings.bulkStatusCase.get().equals("upper"));
        return Reply.json(200, answer);
    }

    private Reply results(Call call, JsonNode body) {
        advance();
        Running running = find(body);
        BulkJob job = running.job();
        JsonNode number = body.path("page");
        if (!number.isMissingNode() && !number.asText().matches("[1-9]\\d{0,6}")) {
            throw new ApiError(400, ApiError.PAGE_NOT_NUMBER);
        }
        int page = number.asInt(1);
        if (page > job.pages()) {
            throw new ApiError(400, ApiError.PAGE_TOO_GREAT);
        }
        List<Match> matches = job.page(page).orElseThrow(() -> new ApiError(400, "Page " + page
                + " of this job is not available; see successfulPages of the job's status"));
        served++;
        mostServings = Math.max(mostServings, servings.merge(job.id() + "/" + page, 1, Integer::sum));
        // Job and page rather than a thousand records: this is what tells whether a page was fetched twice.
        call.ids(List.of(job.id() + "/" + page));
        return Reply.json(200, page(running, page, matches));
    }

    private byte[] page(Running running, int page, List<Match> matches) {
        BulkJob job = running.job();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + matches.size() * 1_024);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("jobType", job.type().word());
            out.writeStringField("entityType", job.entity());
            out.writeNumberField("totalRecords", job.records());
            out.writeNumberField("totalPages", job.pages());
            out.writeNumberField("currentPage", page);
            out.writeNumberField("currentResults", matches.size());
            out.writeArrayFieldStart("result");
            for (int i = 0; i < matches.size(); i++) {
                out.writeStartObject();
                running.writer().write(out, job.firstOf(page) + i, matches.get(i));
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void data(JsonGenerator out, Match match, Enrich.RecordWriter record) throws IOException {
        out.writeFieldName("data");
        if (match.delivers()) {
            record.write(out, match);
        } else {
            out.writeStartObject();
            out.writeEndObject();
        }
        if (settings.matchStatus.get()) {
            out.writeStringField("matchStatus", match.status());
        }
    }

    private Running find(JsonNode body) {
        String id = body.path("jobId").asText("");
        if (id.isBlank()) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        return Optional.ofNullable(jobs.get(id)).orElseThrow(ApiError::notFound);
    }

    /** Gets done what time has brought, and forgets jobs whose life is over. */
    private Instant advance() {
        Instant now = time.now();
        Instant oldest = now.minusSeconds(settings.bulkLifeSeconds.get());
        jobs.values().removeIf(running -> !running.job().created().isAfter(oldest));
        jobs.values().forEach(running -> running.job().advance(now));
        return now;
    }

    private long active() {
        return jobs.values().stream().filter(running -> running.job().isActive()).count();
    }

    @Override
    public void reset() {
        jobs.clear();
        servings.clear();
        accepted.clear();
        submitted = 0;
        served = 0;
        mostActive = 0;
        mostServings = 0;
    }

    @Override
    public void stats(ObjectNode stats) {
        advance();
        stats.putObject("bulk").put("jobs", submitted).put("active", active()).put("mostActive", mostActive)
                .put("pagesDone", jobs.values().stream().mapToLong(running -> running.job().donePages()).sum())
                .put("pagesServed", served).put("differentPagesServed", servings.size())
                .put("mostServingsOfOnePage", mostServings);
    }

    private static ApiError invalid(String field) {
        return new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of(field));
    }

    private static Match matched(Person person) {
        return new Match("FULL_MATCH", Optional.of(person), Optional.of(person.company()));
    }

    private static Match matched(Company company) {
        return new Match("FULL_MATCH", Optional.empty(), Optional.of(company));
    }

    private static long id(Match match) {
        return match.person().map(Person::id).orElseGet(() -> match.company().orElseThrow().id());
    }

    private static JsonNode tree(byte[] input) {
        try {
            return JSON.readTree(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
