package io.leadroutes.sandbox.zoominfo.enrich;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Hashtags;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.Site;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.profile.Departments;
import io.leadroutes.sandbox.zoominfo.profile.DetailFields;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What belongs to one company and comes back at once in the paged envelope: {@code POST /enrich/orgchart}, {@code location},
 * {@code tech} and {@code hashtag} (collected facts §6.5).
 */
final class EnrichDetails {

    private static final Map<String, String> OF_COMPANY = Map.of("companyid", "Long");
    private static final Map<String, String> OF_LOCATIONS = Map.of("companyid", "Long", "parentid", "Long");
    private static final Map<String, String> OF_ORG_CHART = Map.of("companyid", "Long", "department", "String");
    private static final List<String> TIERS = List.of("C-Level", "VP-Level", "Director", "Manager", "Non-Manager");

    private final World world;
    private final Enrich enrich;
    private final JsonFactory json = new JsonFactory();

    EnrichDetails(World world, Enrich enrich) {
        this.world = world;
        this.enrich = enrich;
    }

    void mount(Endpoints endpoints) {
        endpoints.add("POST", "/enrich/orgchart", Tier.STANDARD, Meter.REQUESTS, this::orgChart);
        endpoints.add("POST", "/enrich/location", Tier.STANDARD, Meter.REQUESTS, this::locations);
        endpoints.add("POST", "/enrich/tech", Tier.STANDARD, Meter.REQUESTS, this::technologies);
        endpoints.add("POST", "/enrich/hashtag", Tier.STANDARD, Meter.REQUESTS, this::hashtags);
    }

    private Reply orgChart(Call call, JsonNode body) {
        Map<String, JsonNode> input = Enrich.checked(body, OF_ORG_CHART);
        if (!input.containsKey("companyid") || !input.containsKey("department")) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        Set<String> departments = new HashSet<>();
        for (String each : input.get("department").asText().split(",")) {
            departments.add(Departments.named(each).orElseThrow(() ->
                    new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of("department"))));
        }
        List<Person> people = company(call, input.get("companyid")).map(world::peopleOf).orElse(List.of()).stream()
                .filter(person -> !person.optedOut() && departments.contains(person.function().department()))
                .sorted(Comparator.comparingInt(EnrichDetails::tier).thenComparingInt(EnrichDetails::subTier)
                        .thenComparing(Person::lastName)).toList();
        return page(people, EnrichDetails::write);
    }

    /** 1 is the highest. */
    private static int tier(Person person) {
        return 1 + TIERS.indexOf(person.managementLevel());
    }

    /** Within a tier those at the head or called senior come first. */
    private static int subTier(Person person) {
        String title = person.jobTitle();
        boolean first = title.startsWith("C") && title.endsWith("EO") || title.startsWith("Chief Executive")
                || title.startsWith("President") || title.startsWith("Senior") || title.startsWith("SVP")
                || title.startsWith("Head");
        return first ? 1 : 2;
    }

    private static void write(JsonGenerator out, Person person) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", person.id());
        out.writeStringField("firstName", person.firstName());
        out.writeStringField("middleName", person.middleName());
        out.writeStringField("lastName", person.lastName());
        out.writeStringField("lastUpdatedDate", Formats.dateTime(person.lastUpdated()));
        out.writeStringField("title", person.jobTitle());
        out.writeBooleanField("hasEmail", !person.email().isEmpty());
        out.writeBooleanField("hasDirectPhone", !person.directPhone().isEmpty());
        if (!person.directPhone().isEmpty() && person.directPhoneDoNotCall()) {
            out.writeBooleanField("directPhoneDoNotCall", true);
        }
        out.writeStringField("department", person.function().department());
        out.writeStringField("jobFunction", person.function().name());
        out.writeNumberField("orgChartTier", tier(person));
        out.writeNumberField("orgChartSubTier", subTier(person));
        out.writeNumberField("contactAccuracyScore", person.accuracyScore());
        out.writeObjectFieldStart("company");
        out.writeNumberField("id", person.company().id());
        out.writeStringField("name", person.company().name());
        out.writeEndObject();
        out.writeEndObject();
    }

    /** The sites of the company itself, then the headquarters of its subsidiaries. */
    private Reply locations(Call call, JsonNode body) {
        Map<String, JsonNode> input = Enrich.checked(body, OF_LOCATIONS);
        Optional<Company> company = company(call, input.getOrDefault("companyid", input.get("parentid")));
        List<Site> sites = new ArrayList<>(company.map(world::sitesOf).orElse(List.of()));
        company.map(world::childrenOf).orElse(List.of()).forEach(child -> sites.add(world.sitesOf(child).get(0)));
        return page(sites, (out, site) -> DetailFields.location(out, site,
                site.company() == company.orElseThrow() ? "Location" : "Subsidiary"));
    }

    private Reply technologies(Call call, JsonNode body) {
        return page(company(call, Enrich.checked(body, OF_COMPANY).get("companyid")).map(Company::technologies)
                .orElse(List.of()), DetailFields::technology);
    }

    private Reply hashtags(Call call, JsonNode body) {
        return page(company(call, Enrich.checked(body, OF_COMPANY).get("companyid")).map(Hashtags::of).orElse(List.of()),
                DetailFields::hashtag);
    }

    /** The company asked for, charged like any other enrichment of it; empty if there is none of that id. */
    private Optional<Company> company(Call call, JsonNode id) {
        if (id == null) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        Optional<Company> company = world.companyById(id.asLong());
        company.ifPresent(found -> {
            enrich.charged(List.of(new Enrich.Match("FULL_MATCH", Optional.empty(), company)));
            call.ids(List.of(Long.toString(found.id())));
        });
        return company;
    }

    private interface ItemWriter<T> {

        void write(JsonGenerator out, T item) throws IOException;
    }

    private <T> Reply page(List<T> items, ItemWriter<T> writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128 + items.size() * 512);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("maxResults", items.size());
            out.writeNumberField("totalResults", items.size());
            out.writeNumberField("currentPage", 1);
            out.writeArrayFieldStart("data");
            for (T item : items) {
                writer.write(out, item);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Reply.json(200, bytes.toByteArray());
    }
}
