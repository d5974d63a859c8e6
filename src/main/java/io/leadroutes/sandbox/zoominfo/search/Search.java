package io.leadroutes.sandbox.zoominfo.search;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Family;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** {@code POST /search/contact} and {@code POST /search/company} (collected facts §5). */
public final class Search implements Family {

    private final World world;
    private final WorldIndex index;
    private final CriteriaReader reader;
    private final Pages pages;

    public Search(World world, ZoomInfoSettings settings) {
        this.world = world;
        this.index = new WorldIndex(world);
        this.reader = new CriteriaReader(world, settings);
        this.pages = new Pages(settings);
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.add("POST", "/search/contact", Tier.STANDARD, Meter.REQUESTS, this::contacts);
        endpoints.add("POST", "/search/company", Tier.STANDARD, Meter.REQUESTS, this::companies);
    }

    private Reply contacts(Call call, JsonNode body) {
        Criteria criteria = reader.read(body, Inputs.CONTACT);
        Pages.Page<Person> page = pages.cut(criteria, people(criteria));
        call.ids(page.items().stream().map(p -> Long.toString(p.id())).toList());
        return pages.reply(page, true, Search::writePerson);
    }

    private Reply companies(Call call, JsonNode body) {
        Criteria criteria = reader.read(body, Inputs.COMPANY);
        Pages.Page<Company> page = pages.cut(criteria, companies(criteria));
        call.ids(page.items().stream().map(c -> Long.toString(c.id())).toList());
        return pages.reply(page, true, Search::writeCompany);
    }

    /** Everybody that the criteria of {@code /search/contact} find, without paging. */
    public List<Person> people(JsonNode query) {
        return people(reader.read(query, Inputs.CONTACT));
    }

    /** All companies that the criteria of {@code /search/company} find, without paging. */
    public List<Company> companies(JsonNode query) {
        return companies(reader.read(query, Inputs.COMPANY));
    }

    private List<Company> companies(Criteria criteria) {
        Predicate<Company> wanted = company(criteria).and(place(criteria));
        List<Company> found = new ArrayList<>();
        for (Company company : world.companies()) {
            if (wanted.test(company)) {
                found.add(company);
            }
        }
        ToIntFunction<Company> key = switch (criteria.sortBy()) {
            case "name" -> index::rank;
            case "employeeCount" -> Company::employees;
            default -> company -> (int) Math.min(Integer.MAX_VALUE, company.revenueThousands());
        };
        return criteria.sortBy().isEmpty() ? found : Order.by(key, criteria.ascending(), found);
    }

    private Predicate<Company> company(Criteria criteria) {
        return CompanyFilter.of(criteria, index).orElse(company -> true);
    }

    private Predicate<Company> place(Criteria criteria) {
        return PlaceFilter.of(criteria, index).<Predicate<Company>>map(place -> c -> place.test(c.place(), c::zipCode))
                .orElse(company -> true);
    }

    private List<Person> people(Criteria criteria) {
        Predicate<Person> person = PersonFilter.of(criteria).orElse(p -> true);
        Optional<PlaceFilter> place = PlaceFilter.of(criteria, index);
        String location = criteria.text("locationSearchType").orElse("PersonOrHQ").toLowerCase(Locale.ROOT);
        Predicate<Person> wanted = p -> !p.optedOut() && person.test(p) && (place.isEmpty() || inPlace(location, place.get(), p));
        List<Person> found = new ArrayList<>();
        Optional<List<Person>> few = indexed(criteria);
        Predicate<Company> company = rememberedCompany(company(criteria));
        String when = criteria.text("companyPastOrPresent").orElse("present").toLowerCase(Locale.ROOT);
        boolean present = !when.equals("past");
        boolean past = !when.equals("present");
        if (few.isPresent() || past) {
            for (Person p : few.orElse(world.people())) {
                boolean fits = present && company.test(p.company()) || past && p.formerCompany().filter(company).isPresent();
                if (fits && wanted.test(p)) {
                    found.add(p);
                }
            }
        } else {
            everybodyOf(company, wanted, found);
        }
        return criteria.sortBy().isEmpty() ? found : Order.by(key(criteria.sortBy()), criteria.ascending(), found);
    }

    /** A tenth as many companies as people: most searches need a look at few people. */
    private void everybodyOf(Predicate<Company> company, Predicate<Person> wanted, List<Person> found) {
        for (Company each : world.companies()) {
            if (company.test(each)) {
                for (Person p : world.peopleOf(each)) {
                    if (wanted.test(p)) {
                        found.add(p);
                    }
                }
            }
        }
    }

    /** Those whom an index of the world knows; empty where no criterion has one. */
    private Optional<List<Person>> indexed(Criteria criteria) {
        Optional<List<String>> ids = criteria.list("personId");
        if (ids.isPresent()) {
            return Optional.of(ids.get().stream().filter(id -> id.matches("-?\\d{1,18}")).map(Long::parseLong)
                    .flatMap(id -> world.personById(id).stream()).distinct().toList());
        }
        if (criteria.text("emailAddress").isPresent()) {
            return Optional.of(criteria.list("emailAddress").orElseThrow().stream()
                    .flatMap(email -> world.personByEmail(email).stream()).distinct().toList());
        }
        if (criteria.text("hashedEmail").isPresent()) {
            return Optional.of(criteria.list("hashedEmail").orElseThrow().stream()
                    .flatMap(hash -> world.personByHashedEmail(hash).stream()).distinct().toList());
        }
        return criteria.list("phone").map(phones -> phones.stream().flatMap(n -> world.peopleByPhone(n).stream()).distinct()
                .toList());
    }

    private static Predicate<Company> rememberedCompany(Predicate<Company> test) {
        Map<Company, Boolean> known = new IdentityHashMap<>();
        return company -> known.computeIfAbsent(company, test::test);
    }

    private static boolean inPlace(String type, PlaceFilter place, Person p) {
        return switch (type) {
            case "personandhq" -> own(place, p) && headquarters(place, p);
            case "person", "personthenhq" -> own(place, p);
            case "hq" -> headquarters(place, p);
            default -> own(place, p) || headquarters(place, p);
        };
    }

    private static boolean own(PlaceFilter place, Person p) {
        return place.test(p.place(), p::zipCode);
    }

    private static boolean headquarters(PlaceFilter place, Person p) {
        return place.test(p.company().place(), p.company()::zipCode);
    }

    private ToIntFunction<Person> key(String sortBy) {
        return switch (sortBy) {
            case "lastName" -> index::rankOfLastName;
            case "companyName" -> p -> index.rank(p.company());
            case "hierarchy" -> p -> PersonFilter.LEVELS.indexOf(p.managementLevel());
            case "lastMentioned" -> p -> (int) (p.lastUpdated().toEpochSecond(ZoneOffset.UTC) / 60);
            case "sourceCount" -> Person::sources;
            case "relevance" -> p -> p.accuracyScore() * 100 + p.sources();
            default -> Person::accuracyScore;
        };
    }

    /** A company as search returns it. */
    public static void writeCompany(JsonGenerator out, Company company) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", company.id());
        out.writeStringField("name", company.name());
        out.writeEndObject();
    }

    /** A person as search returns it. */
    public static void writePerson(JsonGenerator out, Person p) throws IOException {
        Company company = p.company();
        out.writeStartObject();
        out.writeNumberField("id", p.id());
        out.writeStringField("firstName", p.firstName());
        out.writeStringField("middleName", p.middleName());
        out.writeStringField("lastName", p.lastName());
        out.writeStringField("validDate", Formats.dateTime(p.validDate()));
        out.writeStringField("lastUpdatedDate", Formats.dateTime(p.lastUpdated()));
        out.writeStringField("jobTitle", p.jobTitle());
        out.writeNumberField("contactAccuracyScore", p.accuracyScore());
        out.writeBooleanField("hasEmail", !p.email().isEmpty());
        out.writeBooleanField("hasSupplementalEmail", !p.formerEmail().isEmpty());
        out.writeBooleanField("hasDirectPhone", p.hasDirectPhone());
        out.writeBooleanField("hasMobilePhone", p.hasMobilePhone());
        out.writeBooleanField("hasCompanyIndustry", true);
        out.writeBooleanField("hasCompanyPhone", !company.phone().isEmpty());
        out.writeBooleanField("hasCompanyStreet", !company.street().isEmpty());
        out.writeBooleanField("hasCompanyState", !company.place().state().isEmpty());
        out.writeBooleanField("hasCompanyZipCode", true);
        out.writeBooleanField("hasCompanyCountry", true);
        out.writeBooleanField("hasCompanyRevenue", company.revenueThousands() > 0);
        out.writeBooleanField("hasCompanyEmployeeCount", company.employees() > 0);
        out.writeObjectFieldStart("company");
        out.writeNumberField("id", company.id());
        out.writeStringField("name", company.name());
        out.writeEndObject();
        out.writeEndObject();
    }
}
