package io.leadroutes.sandbox.zoominfo.compliance;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Employment;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.Place;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Family;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.contract.Contract;
import io.leadroutes.sandbox.zoominfo.enrich.Enrich;
import io.leadroutes.sandbox.zoominfo.enrich.EnrichContact;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * {@code POST /compliance} (collected facts §6.7). Costs a request, neither a record nor a credit. Of a person who opted out it
 * tells that and nothing else.
 */
public final class Compliance implements Family {

    private static final Map<String, String> TYPES = EnrichContact.lowerCased(Contract.get().inputTypes("compliance"));
    private static final List<String> NARROWING = List.of("personstate", "personcountry", "personzipcode");
    private static final String NOT_REQUIRED = "Notice not required";
    private static final String NOT_PROVIDED = "Notice not provided";

    private final Enrich enrich;
    private final EnrichContact matching;

    public Compliance(Enrich enrich, EnrichContact matching) {
        this.enrich = enrich;
        this.matching = matching;
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.add("POST", "/compliance", Tier.STANDARD, Meter.REQUESTS, this::handle);
    }

    private Reply handle(Call call, JsonNode body) {
        List<JsonNode> inputs = enrich.inputs(body, "matchPersonInput");
        List<Enrich.Match> matches = new ArrayList<>(inputs.size());
        for (JsonNode input : inputs) {
            matches.add(match(Enrich.checked(input, TYPES)));
        }
        List<String> ids = new ArrayList<>();
        matches.forEach(match -> match.person().ifPresent(person -> ids.add(Long.toString(person.id()))));
        call.ids(ids);
        return Reply.json(200, enrich.envelope(List.of(), List.of(), inputs, matches,
                (out, match) -> write(out, match.person().orElseThrow()), call.number()));
    }

    /** As in enrich; yet a person is only found with the company, and where the rest of the address fits. */
    private Enrich.Match match(Map<String, JsonNode> given) {
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        input.setAll(given);
        Enrich.Match match = matching.match(input.without(NARROWING), List.of());
        boolean isPerson = match.status().equals("FULL_MATCH") && match.person().filter(lives(given)).isPresent();
        return isPerson || match.status().equals("OPT_OUT") || match.status().equals("INVALID_INPUT") ? match
                : Enrich.Match.none("NO_MATCH");
    }

    private static Predicate<Person> lives(Map<String, JsonNode> given) {
        return person -> fits(given.get("personstate"), person.place().state())
                && (fits(given.get("personcountry"), person.place().country())
                        || fits(given.get("personcountry"), person.place().countryCode()))
                && (!given.containsKey("personzipcode") || person.zipCode().isEmpty()
                        || person.zipCode().startsWith(given.get("personzipcode").asText().strip()));
    }

    private static boolean fits(JsonNode sent, String known) {
        return sent == null || Names.plain(sent.asText()).equals(Names.plain(known));
    }

    private static void write(JsonGenerator out, Person person) throws IOException {
        Place own = person.place();
        Place seat = person.company().place();
        out.writeStartObject();
        out.writeNumberField("id", person.id());
        out.writeStringField("firstName", person.firstName());
        out.writeStringField("lastName", person.lastName());
        out.writeStringField("title", person.jobTitle());
        out.writeArrayFieldStart("employmentHistory");
        employment(out, person.company().name(), person.jobTitle());
        for (Employment past : person.employmentHistory()) {
            employment(out, past.company().name(), past.jobTitle());
        }
        out.writeEndArray();
        out.writeArrayFieldStart("emailAddresses");
        writeIfAny(out, person.email());
        writeIfAny(out, person.formerEmail());
        out.writeEndArray();
        out.writeArrayFieldStart("pastEmailAddresses");
        writeIfAny(out, person.formerEmail());
        out.writeEndArray();
        out.writeBooleanField("withinEu", own.withinEu());
        out.writeStringField("hasCanadianEmail", Boolean.toString(person.email().endsWith(".ca")));
        out.writeBooleanField("withinCalifornia", own.withinCalifornia());
        out.writeBooleanField("withinCanada", own.withinCanada());
        out.writeStringField("noticeProvidedDate", notice(person));
        out.writeStringField("hasMoved", person.hasMoved());
        out.writeStringField("looksLikeEu", yesOrNo(own.withinEu() || seat.withinEu()));
        out.writeStringField("looksLikeCalifornia", yesOrNo(own.withinCalifornia() || seat.withinCalifornia()));
        out.writeStringField("looksLikeCanada", yesOrNo(own.withinCanada() || seat.withinCanada()));
        out.writeObjectFieldStart("company");
        out.writeStringField("name", person.company().name());
        out.writeEndObject();
        out.writeEndObject();
    }

    private static String notice(Person person) {
        Place place = person.place();
        boolean required = place.withinEu() || place.withinCalifornia() || place.withinCanada();
        return person.noticeProvided().map(Formats::date).orElse(required ? NOT_PROVIDED : NOT_REQUIRED);
    }

    private static void employment(JsonGenerator out, String company, String title) throws IOException {
        out.writeStartObject();
        out.writeStringField("companyName", company);
        out.writeStringField("title", title);
        out.writeEndObject();
    }

    private static void writeIfAny(JsonGenerator out, String text) throws IOException {
        if (!text.isEmpty()) {
            out.writeString(text);
        }
    }

    private static String yesOrNo(boolean yes) {
        return yes ? "Yes" : "No";
    }
}
