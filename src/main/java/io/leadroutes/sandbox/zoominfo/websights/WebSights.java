package io.leadroutes.sandbox.zoominfo.websights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Network;
import io.leadroutes.sandbox.world.Networks;
import io.leadroutes.sandbox.world.Place;
import io.leadroutes.sandbox.world.Provider;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.Account;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Family;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.enrich.Enrich;
import io.leadroutes.sandbox.zoominfo.profile.CompanyFields;
import io.leadroutes.sandbox.zoominfo.profile.OutputField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** {@code POST /enrich/ip} (collected facts §6.6), with request and record limits of its own. */
public final class WebSights implements Family {

    private static final String CONFIDENCE = "confidenceScore";
    private static final Set<String> OF_COMPANY = Set.of("id", "ticker", "name", "website", "revenue", "employeeCount", "street",
            "city", "state", "zipCode", "country", "industries");
    /** In hundredths; below it a match is withheld (release note of 2022-11-22). */
    private static final int FLOOR = 30;

    private final World world;
    private final ZoomInfoSettings settings;
    private final Account account;
    private final Enrich enrich;
    /** Names in the order of the alphabet by names in lower case. */
    private final Map<String, String> names = new TreeMap<>();
    private final Map<String, OutputField<Company>> fields = new TreeMap<>();
    private final JsonFactory json = new JsonFactory();

    public WebSights(World world, ZoomInfoSettings settings, Account account, Enrich enrich) {
        this.world = world;
        this.settings = settings;
        this.account = account;
        this.enrich = enrich;
        CompanyFields.all().stream().filter(field -> OF_COMPANY.contains(field.name()))
                .forEach(field -> fields.put(field.name(), field));
        fields.keySet().forEach(name -> names.put(name.toLowerCase(Locale.ROOT), name));
        names.put(CONFIDENCE.toLowerCase(Locale.ROOT), CONFIDENCE);
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.add("POST", "/enrich/ip", Tier.STANDARD, Meter.WEBSIGHTS, this::handle);
    }

    private Reply handle(Call call, JsonNode body) {
        Set<String> wanted = new java.util.TreeSet<>(wanted(body));
        JsonNode sent = body.path("ipAddress");
        if (sent.isMissingNode() || sent.isNull() || sent.isTextual() && sent.asText().isBlank()) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        InetAddress address = Optional.of(sent).filter(JsonNode::isTextual).flatMap(text -> Networks.parse(text.asText()))
                .orElseThrow(() -> new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of("ipAddress")));
        Optional<Network> network = world.networks().of(address).filter(this::isShown);
        if (network.isPresent()) {
            if (settings.usageEnforced.get() && account.webSightsRecords() >= settings.webSightsRecordLimit.get()) {
                throw new ApiError(403, ApiError.WEBSIGHTS_RECORDS_USED_UP);
            }
            account.webSightsRecord();
            network.get().company().ifPresent(company -> call.ids(List.of(Long.toString(company.id()))));
        }
        return Reply.json(200, envelope(wanted, sent.asText(), network));
    }

    /** The fields asked for, all of them where none was named; those unknown or not allowed fail the request. */
    private Collection<String> wanted(JsonNode body) {
        body.fieldNames().forEachRemaining(name -> {
            if (!name.equals("ipAddress") && !name.equals("outputFields")) {
                throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of(name));
            }
        });
        JsonNode named = body.path("outputFields");
        if (named.isMissingNode() || named.isNull() || named.isArray() && named.isEmpty()) {
            return names.values();
        }
        return enrich.outputFields(body, names.keySet()).stream().map(names::get).toList();
    }

    private boolean isShown(Network network) {
        return network.provider().isPresent() || network.confidence() == 0 || network.confidence() >= FLOOR
                || !settings.webSightsWithholdsLowConfidence.get();
    }

    private byte[] envelope(Set<String> wanted, String address, Optional<Network> network) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeBooleanField("success", true);
            out.writeObjectFieldStart("data");
            out.writeArrayFieldStart("outputFields");
            out.writeStartArray();
            for (String name : wanted) {
                out.writeString(name);
            }
            out.writeEndArray();
            out.writeEndArray();
            out.writeArrayFieldStart("result");
            out.writeStartObject();
            out.writeArrayFieldStart("input");
            out.writeString(address.toLowerCase(Locale.ROOT));
            out.writeEndArray();
            out.writeObjectFieldStart("data");
            if (network.isPresent()) {
                write(out, wanted, network.get());
            }
            out.writeEndObject();
            if (settings.matchStatus.get()) {
                out.writeStringField("matchStatus", network.isPresent() ? "FULL_MATCH" : "NO_MATCH");
            }
            out.writeEndObject();
            out.writeEndArray();
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void write(JsonGenerator out, Set<String> wanted, Network network) throws IOException {
        if (network.company().isPresent()) {
            out.writeObjectFieldStart("company");
            for (String name : wanted) {
                out.writeFieldName(name);
                if (!name.equals(CONFIDENCE)) {
                    fields.get(name).writer().write(out, network.company().get());
                } else if (network.confidence() == 0) {
                    out.writeString("");
                } else {
                    out.writeNumber(network.confidence() / 100.0);
                }
            }
            out.writeEndObject();
        }
        Place place = network.place();
        out.writeObjectFieldStart("geoLocation");
        out.writeNumberField("location_long", place.longitude());
        out.writeNumberField("location_lat", place.latitude());
        out.writeStringField("country_code", place.countryCode());
        out.writeStringField("province", place.state());
        out.writeEndObject();
        if (network.provider().isPresent()) {
            Provider provider = network.provider().get();
            out.writeObjectFieldStart("ispInfo");
            out.writeStringField("domain", provider.domain());
            out.writeStringField("ip_hi_string", network.highest());
            out.writeStringField("ip_lo_string", network.lowest());
            out.writeStringField("name", provider.name());
            out.writeStringField("type", "isp");
            out.writeEndObject();
        }
    }
}
