package io.leadroutes.sandbox.zoominfo.signal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.Scoop;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import io.leadroutes.sandbox.zoominfo.search.CompanyFilter;
import io.leadroutes.sandbox.zoominfo.search.Criteria;
import io.leadroutes.sandbox.zoominfo.search.Inputs;
import io.leadroutes.sandbox.zoominfo.search.PersonFilter;
import io.leadroutes.sandbox.zoominfo.search.PlaceFilter;
import io.leadroutes.sandbox.zoominfo.search.TextQuery;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** {@code POST /search/scoop} and {@code POST /enrich/scoop} (collected facts §5.5, §6.5). */
final class Scoops {

    private static final int USUAL_DAYS = 30;

    private final Desk desk;

    Scoops(Desk desk) {
        this.desk = desk;
    }

    Reply search(Call call, JsonNode body) {
        Criteria criteria = desk.reader.read(body, Inputs.SCOOP);
        Predicate<Scoop> wanted = filter(criteria);
        Optional<Predicate<Person>> person = PersonFilter.ofContacts(criteria);
        Optional<PlaceFilter> place = PlaceFilter.of(criteria, desk.index);
        String location = criteria.text("locationSearchType").orElse("PersonOrHQ").toLowerCase(Locale.ROOT);
        List<Scoop> found = new ArrayList<>();
        for (Company company : desk.companies(criteria, false)) {
            for (Scoop scoop : desk.signals.scoops(company)) {
                if (wanted.test(scoop) && (person.isEmpty() || scoop.contacts().stream().anyMatch(person.get()))
                        && (place.isEmpty() || isIn(place.get(), location, scoop))) {
                    found.add(scoop);
                }
            }
        }
        return reply(call, criteria, found);
    }

    Reply enrich(Call call, JsonNode body) {
        Criteria criteria = desk.reader.read(body, EnrichInputs.SCOOP);
        Predicate<Scoop> wanted = filter(criteria);
        List<Scoop> found = desk.company(criteria).map(desk.signals::scoops).orElse(List.of()).stream().filter(wanted).toList();
        return reply(call, criteria, found);
    }

    private Reply reply(Call call, Criteria criteria, List<Scoop> found) {
        Comparator<Scoop> order = switch (criteria.sortBy()) {
            case "scoopId" -> Comparator.comparingLong(Scoop::id);
            case "originalPublishedDate" -> Comparator.comparing(Scoop::originalPublished);
            case "description" -> Comparator.comparing(Scoop::description);
            case "url" -> Comparator.comparing(Scoop::link);
            case "urlText" -> Comparator.comparing(Scoop::linkText);
            default -> Comparator.comparing(Scoop::published);
        };
        List<Scoop> sorted = new ArrayList<>(found);
        sorted.sort(criteria.ascending() ? order : order.reversed());
        return desk.reply(call, criteria, sorted, true, scoop -> Long.toString(scoop.id()), Scoops::write);
    }

    private static Predicate<Scoop> filter(Criteria criteria) {
        List<Predicate<Scoop>> all = new ArrayList<>();
        LocalDate to = criteria.date("publishedEndDate").orElse(World.TODAY);
        LocalDate from = criteria.date("publishedStartDate").orElse(to.minusDays(USUAL_DAYS));
        criteria.set("scoopId").ifPresent(ids -> all.add(s -> ids.contains(Long.toString(s.id()))));
        if (!criteria.has("scoopId") || criteria.has("publishedStartDate") || criteria.has("publishedEndDate")) {
            all.add(s -> CompanyFilter.isWithin(s.published(), from, to));
        }
        if (criteria.has("updatedSinceCreation")) {
            boolean updated = criteria.flag("updatedSinceCreation");
            all.add(s -> s.updated() == updated);
        }
        criteria.set("scoopType").ifPresent(names -> all.add(s -> is(names, s.type())));
        criteria.set("scoopTopic").ifPresent(names -> all.add(s -> s.topics().stream().anyMatch(topic -> is(names, topic))));
        criteria.list("department").ifPresent(names -> all.add(s -> names.stream()
                .anyMatch(name -> PersonFilter.isDepartment(name, s.department()))));
        criteria.text("description").map(TextQuery::of).ifPresent(query -> all.add(s -> query.test(s.description())));
        return CompanyFilter.every(all);
    }

    private static boolean is(Set<String> names, Scoop.Kind kind) {
        return names.contains(Integer.toString(kind.id())) || names.contains(kind.name().toLowerCase(Locale.ROOT));
    }

    private static boolean isIn(PlaceFilter place, String location, Scoop scoop) {
        Company company = scoop.company();
        boolean headquarters = place.test(company.place(), company::zipCode);
        boolean person = scoop.contacts().stream().anyMatch(p -> place.test(p.place(), p::zipCode));
        return switch (location) {
            case "hq" -> headquarters;
            case "person", "personthenhq" -> person;
            case "personandhq" -> person && headquarters;
            default -> person || headquarters;
        };
    }

    private static void write(JsonGenerator out, Scoop scoop) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", scoop.id());
        out.writeStringField("publishedDate", Formats.dateTime(scoop.published()));
        out.writeStringField("originalPublishedDate", Formats.dateTime(scoop.originalPublished()));
        out.writeStringField("linkText", scoop.linkText());
        out.writeStringField("link", scoop.link());
        out.writeStringField("description", scoop.description());
        out.writeArrayFieldStart("topics");
        for (Scoop.Kind topic : scoop.topics()) {
            writeKind(out, "topic", topic);
        }
        out.writeEndArray();
        out.writeStringField("updateText", scoop.updateText());
        out.writeArrayFieldStart("types");
        writeKind(out, "type", scoop.type());
        out.writeEndArray();
        out.writeArrayFieldStart("contacts");
        for (Person person : scoop.contacts()) {
            Desk.writeContact(out, person);
        }
        out.writeEndArray();
        out.writeFieldName("company");
        Desk.writeCompany(out, scoop.company());
        out.writeEndObject();
    }

    private static void writeKind(JsonGenerator out, String name, Scoop.Kind kind) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", kind.id());
        out.writeStringField(name, kind.name());
        out.writeEndObject();
    }
}
