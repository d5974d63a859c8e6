package io.leadroutes.sandbox.zoominfo.enrich;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Site;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.profile.MasterFields;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /enrich/company-master} (collected facts §6.4). It has error bodies of its own: {@code responseCode} and
 * {@code message} for the request, {@code statusCode} with {@code errorMessage} for an input.
 */
final class EnrichCompanyMaster {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TEXTS = List.of("zi_c_url", "zi_c_name", "zi_c_company_id", "zi_es_location_id", "email");
    private static final List<String> NUMBERS = List.of("zi_c_location_id", "zi_es_ecid");
    private static final String INSUFFICIENT = "There is not sufficient info for your company match request. Must pass value for "
            + "'zi_c_location_id' or 'zi_c_url' or 'zi_c_name' or 'phone({'zi_c_phone':'xxx'})' or 'zi_es_ecid' or "
            + "'zi_es_location_id' or 'email' or 'address'";

    private final World world;
    private final Enrich enrich;
    private final ZoomInfoSettings settings;
    private final MasterFields fields;
    private final Set<String> known;
    private final JsonFactory json = new JsonFactory();

    EnrichCompanyMaster(World world, ZoomInfoSettings settings, Enrich enrich) {
        this.world = world;
        this.enrich = enrich;
        this.settings = settings;
        this.fields = new MasterFields(world);
        this.known = fields.types().keySet();
    }

    /** One input: the site found and how, or a status and what is wrong. */
    private record Result(int statusCode, String matchStatus, Optional<Site> site, Optional<MatchReasons> reasons,
            String errorMessage) {

        static Result bad(String message) {
            return new Result(400, "INVALID_INPUT", Optional.empty(), Optional.empty(), message);
        }

        static Result noMatch() {
            return new Result(200, "NO_MATCH", Optional.empty(), Optional.empty(), "");
        }
    }

    Reply handle(Call call, JsonNode body) {
        JsonNode wanted = body.path("outputFields");
        if (!wanted.isArray() || wanted.isEmpty()) {
            return refused(ApiError.NO_OUTPUT_FIELDS, List.of());
        }
        List<String> names = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        wanted.forEach(name -> {
            String lower = name.asText().toLowerCase(Locale.ROOT);
            (known.contains(lower) && !enrich.isDisallowed(lower) ? names : wrong).add(lower);
        });
        if (!wrong.isEmpty()) {
            return refused(ApiError.INVALID_FIELDS + ".", wrong);
        }
        JsonNode inputs = body.path("matchCompanyInput");
        if (!inputs.isArray() || inputs.isEmpty()) {
            return refused(ApiError.INSUFFICIENT, List.of());
        }
        if (inputs.size() > Enrich.MOST_INPUTS) {
            return refused(ApiError.INVALID_FIELDS + ".", List.of());
        }
        List<Result> results = new ArrayList<>(inputs.size());
        inputs.forEach(input -> results.add(match(input)));
        List<Result> delivered = charged(results);
        Set<String> ids = new LinkedHashSet<>();
        delivered.forEach(result -> result.site().ifPresent(site -> ids.add(Long.toString(site.id()))));
        call.ids(List.copyOf(ids));
        boolean anyGood = delivered.stream().anyMatch(result -> result.statusCode() == 200);
        return Reply.json(anyGood ? 200 : 400, envelope(anyGood, names, inputs, delivered));
    }

    private static Reply refused(String message, Collection<String> wrongFields) {
        ObjectNode answer = JSON.createObjectNode().put("responseCode", 400).put("message", message);
        if (!wrongFields.isEmpty()) {
            var names = answer.putArray("invalidOutputFields");
            wrongFields.forEach(names::add);
        }
        return Reply.json(400, answer);
    }

    private List<Result> charged(List<Result> results) {
        List<Enrich.Match> charged = enrich.charged(results.stream().map(result -> new Enrich.Match(result.matchStatus(),
                Optional.empty(), result.site().map(Site::company))).toList());
        List<Result> delivered = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            delivered.add(charged.get(i).status().equals("LIMIT_EXCEEDED")
                    ? new Result(400, "LIMIT_EXCEEDED", Optional.empty(), Optional.empty(), ApiError.CREDITS_USED_UP)
                    : results.get(i));
        }
        return delivered;
    }

    private Result match(JsonNode input) {
        if (!input.isObject()) {
            return Result.bad(ApiError.INVALID_FIELDS);
        }
        JsonNode reasons = input.path("match_reasons");
        Optional<MatchReasons.Sent> read = read(input);
        if (read.isEmpty() || !reasons.isMissingNode() && !MatchReasons.isGood(reasons)) {
            return Result.bad(ApiError.INVALID_FIELDS);
        }
        MatchReasons.Sent sent = read.get();
        if (sent.values().isEmpty() && sent.email().isEmpty()) {
            return Result.bad(INSUFFICIENT);
        }
        Result best = Result.noMatch();
        int bestScore = -1;
        for (Site site : candidates(sent)) {
            MatchReasons found = MatchReasons.of(sent, site);
            if (found.score() > bestScore && found.satisfy(reasons)) {
                best = new Result(200, "FULL_MATCH", Optional.of(site), Optional.of(found), "");
                bestScore = found.score();
            }
        }
        return best;
    }

    /** What was sent, in one map; empty if a value is of the wrong kind. Names that are not known are passed over. */
    private static Optional<MatchReasons.Sent> read(JsonNode input) {
        Map<String, String> values = new HashMap<>();
        for (String name : TEXTS) {
            JsonNode value = input.path(name);
            if (!put(values, name, value, value.isTextual() || name.equals("zi_c_company_id") && value.isIntegralNumber())) {
                return Optional.empty();
            }
        }
        for (String name : NUMBERS) {
            JsonNode value = input.path(name);
            if (!put(values, name, value, value.isIntegralNumber() || value.isTextual()
                    && value.asText().matches("\\d{0,18}"))) {
                return Optional.empty();
            }
        }
        for (String group : List.of("phone", "address")) {
            JsonNode parts = input.path(group);
            if (!parts.isMissingNode() && !parts.isNull() && !parts.isObject()) {
                return Optional.empty();
            }
            for (Map.Entry<String, JsonNode> part : parts.properties()) {
                if (!put(values, part.getKey(), part.getValue(), part.getValue().isTextual())) {
                    return Optional.empty();
                }
            }
        }
        // The country of a phone number alone says nothing of a company.
        if (values.size() == 1 && values.containsKey("zi_c_country")) {
            values.clear();
        }
        String email = values.getOrDefault("email", "");
        values.remove("email");
        return Optional.of(new MatchReasons.Sent(values, email));
    }

    private static boolean put(Map<String, String> values, String name, JsonNode value, boolean isRightKind) {
        if (value.isMissingNode() || value.isNull()) {
            return true;
        }
        if (isRightKind && !value.asText().isBlank()) {
            values.put(name, value.asText().strip());
        }
        return isRightKind;
    }

    /** Sites by the surest thing that was sent. */
    private List<Site> candidates(MatchReasons.Sent sent) {
        Optional<Site> byId = Optional.empty();
        if (!sent.text("zi_c_location_id").isEmpty()) {
            byId = world.siteById(Long.parseLong(sent.text("zi_c_location_id")));
        }
        if (byId.isEmpty() && !sent.text("zi_es_ecid").isEmpty()) {
            byId = fields.byEcid(Long.parseLong(sent.text("zi_es_ecid")));
        }
        if (byId.isEmpty() && !sent.text("zi_es_location_id").isEmpty()) {
            byId = fields.byLocationId(sent.text("zi_es_location_id"));
        }
        if (byId.isPresent()) {
            return List.of(byId.get());
        }
        List<Company> companies = new ArrayList<>();
        if (sent.text("zi_c_company_id").matches("\\d{1,18}")) {
            world.companyById(Long.parseLong(sent.text("zi_c_company_id"))).ifPresent(companies::add);
        }
        if (companies.isEmpty() && !sent.domain().isEmpty()) {
            world.companyByDomain(sent.domain()).ifPresent(companies::add);
        }
        if (companies.isEmpty() && !sent.text("zi_c_phone").isEmpty()) {
            world.companyByPhone(sent.text("zi_c_phone")).ifPresent(companies::add);
        }
        if (companies.isEmpty() && !sent.text("zi_c_name").isEmpty()) {
            companies.addAll(world.companiesNamed(sent.text("zi_c_name")));
        }
        if (companies.isEmpty()) {
            return world.sitesAt(sent.text("zi_c_street"));
        }
        List<Site> sites = new ArrayList<>();
        companies.forEach(company -> sites.addAll(world.sitesOf(company)));
        return sites;
    }

    private byte[] envelope(boolean success, List<String> names, JsonNode inputs, List<Result> results) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512 + inputs.size() * 1_024);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeBooleanField("success", success);
            out.writeObjectFieldStart("data");
            out.writeArrayFieldStart("outputFields");
            for (String name : names) {
                out.writeString(name);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("result");
            for (int i = 0; i < results.size(); i++) {
                Result result = results.get(i);
                out.writeStartObject();
                out.writeNumberField("statusCode", result.statusCode());
                out.writeFieldName("input");
                Enrich.echo(out, inputs.get(i));
                out.writeObjectFieldStart("data");
                if (!result.errorMessage().isEmpty()) {
                    out.writeStringField("errorMessage", result.errorMessage());
                }
                if (result.site().isPresent()) {
                    write(out, names, result.site().get(), result.reasons().orElseThrow());
                }
                out.writeEndObject();
                if (settings.matchStatus.get()) {
                    out.writeStringField("matchStatus", result.matchStatus());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void write(JsonGenerator out, List<String> names, Site site, MatchReasons reasons) throws IOException {
        for (String name : names) {
            if (name.equals(MasterFields.MATCH_REASON)) {
                out.writeObjectFieldStart(name);
                out.writeStringField("zi_match_name", site.company().name());
                for (Map.Entry<String, String> attribute : MatchReasons.ATTRIBUTES.entrySet()) {
                    out.writeStringField("zi_match_reason_" + attribute.getValue(), reasons.grades().get(attribute.getKey()));
                }
                out.writeStringField("zi_match_score", Integer.toString(reasons.score()));
                out.writeEndObject();
            } else {
                Optional<Object> value = fields.value(name, site);
                if (value.isPresent()) {
                    out.writeFieldName(name);
                    write(out, value.get());
                }
            }
        }
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        if (value instanceof Long number) {
            out.writeNumber(number);
        } else if (value instanceof Double number) {
            out.writeNumber(number);
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object item : list) {
                write(out, item);
            }
            out.writeEndArray();
        } else {
            out.writeString(value.toString());
        }
    }
}
