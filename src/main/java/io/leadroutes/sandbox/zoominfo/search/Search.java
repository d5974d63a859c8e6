package io.leadroutes.sandbox.zoominfo.search;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Family;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code POST /search/contact} and {@code POST /search/company} (collected facts §5). */
public final class Search implements Family {

    private static final Set<String> CONTACT_SORTS = Set.of("contactAccuracyScore", "lastName", "companyName", "hierarchy",
            "sourceCount", "lastMentioned", "relevance");
    private static final Set<String> COMPANY_SORTS = Set.of("name", "employeeCount", "revenue");
    private static final List<String> LEVELS = List.of("Non-Manager", "Manager", "Director", "VP-Level", "C-Level");

    private final World world;
    private final ZoomInfoSettings settings;
    private final JsonFactory json = new JsonFactory();

    public Search(World world, ZoomInfoSettings settings) {
        this.world = world;
        this.settings = settings;
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.add("POST", "/search/contact", Tier.STANDARD, Meter.REQUESTS, this::contacts);
        endpoints.add("POST", "/search/company", Tier.STANDARD, Meter.REQUESTS, this::companies);
    }

    private Reply contacts(Call call, JsonNode body) {
        Criteria criteria = new Criteria(body, Criteria.FOR_CONTACT, CONTACT_SORTS);
        return page(call, criteria, people(criteria), Search::writePerson, p -> Long.toString(p.id()));
    }

    /** Everybody that the criteria of {@code /search/contact} find, without paging. */
    public List<Person> people(JsonNode query) {
        return people(new Criteria(query, Criteria.FOR_CONTACT, CONTACT_SORTS));
    }

    private List<Person> people(Criteria criteria) {
        Predicate<Company> company = CompanyFilter.of(criteria);
        Predicate<Person> person = personFilter(criteria);
        String when = criteria.text("companyPastOrPresent").orElse("present");
        boolean present = !when.equals("past");
        boolean past = !when.equals("present");
        Stream<Person> candidates = candidates(criteria);
        Predicate<Person> wanted = p -> !p.optedOut() && person.test(p)
                && (present && company.test(p.company()) || past && p.formerCompany().filter(company).isPresent());
        return sorted(candidates.filter(wanted), criteria, contactOrder(criteria.sortBy()));
    }

    private Reply companies(Call call, JsonNode body) {
        Criteria criteria = new Criteria(body, Criteria.FOR_COMPANY, COMPANY_SORTS);
        return page(call, criteria, companies(criteria), Search::writeCompany, c -> Long.toString(c.id()));
    }

    /** All companies that the criteria of {@code /search/company} find, without paging. */
    public List<Company> companies(JsonNode query) {
        return companies(new Criteria(query, Criteria.FOR_COMPANY, COMPANY_SORTS));
    }

    private List<Company> companies(Criteria criteria) {
        Predicate<Company> filter = CompanyFilter.of(criteria);
        Comparator<Company> order = switch (criteria.sortBy()) {
            case "employeeCount" -> Comparator.comparingInt(Company::employees);
            case "revenue" -> Comparator.comparingLong(Company::revenueThousands);
            default -> Comparator.comparing(Company::name);
        };
        CompanyFilter.PlaceFilter place = CompanyFilter.place(criteria);
        return sorted(world.companies().stream().filter(c -> filter.test(c) && place.test(c.place(), c::zipCode)),
                criteria, order);
    }

    /** Narrows at once by what an index knows; everything else needs a look at everybody. */
    private Stream<Person> candidates(Criteria criteria) {
        if (criteria.text("emailAddress").isPresent()) {
            return criteria.list("emailAddress").orElseThrow().stream().flatMap(e -> world.personByEmail(e).stream()).distinct();
        }
        if (criteria.text("hashedEmail").isPresent()) {
            return world.personByHashedEmail(criteria.text("hashedEmail").orElseThrow()).stream();
        }
        return world.people().stream();
    }

    private Predicate<Person> personFilter(Criteria criteria) {
        List<Predicate<Person>> all = new ArrayList<>();
        criteria.list("personId").<Set<String>>map(HashSet::new)
                .ifPresent(ids -> all.add(p -> ids.contains(Long.toString(p.id()))));
        criteria.text("fullName").map(Names::plain).ifPresent(name -> all.add(p -> Names.plain(p.fullName()).equals(name)));
        criteria.text("firstName").map(Names::plain).ifPresent(name -> all.add(p -> Names.plain(p.firstName()).equals(name)));
        criteria.text("lastName").map(Names::plain).ifPresent(name -> all.add(p -> Names.plain(p.lastName()).equals(name)));
        criteria.text("middleInitial").ifPresent(initial -> all.add(p -> p.middleName().regionMatches(true, 0, initial, 0, 1)));
        criteria.text("jobTitle").ifPresent(terms -> {
            Predicate<String> wanted = remembered(title -> CompanyFilter.anyWord(terms, title));
            all.add(p -> wanted.test(p.jobTitle()));
        });
        criteria.text("excludeJobTitle").ifPresent(terms -> {
            Predicate<String> unwanted = remembered(title -> CompanyFilter.anyWord(terms, title));
            all.add(p -> !unwanted.test(p.jobTitle()));
        });
        criteria.text("exactJobTitle").ifPresent(title -> all.add(p -> p.jobTitle().equalsIgnoreCase(title)));
        criteria.list("managementLevel").ifPresent(levels -> {
            Predicate<String> wanted = remembered(level -> levels.stream().anyMatch(word -> isLevel(word, level)));
            all.add(p -> wanted.test(p.managementLevel()));
        });
        criteria.list("excludeManagementLevel").ifPresent(levels -> {
            Predicate<String> unwanted = remembered(level -> levels.stream().anyMatch(word -> isLevel(word, level)));
            all.add(p -> !unwanted.test(p.managementLevel()));
        });
        criteria.list("department").ifPresent(names -> all.add(p -> names.stream().anyMatch(n -> isDepartment(n, p))));
        criteria.list("jobFunction").ifPresent(names -> all.add(p -> names.contains(p.function().name().toLowerCase(Locale.ROOT))));
        criteria.list("requiredFields").ifPresent(fields -> all.add(p -> fields.stream().allMatch(f -> has(f, p))));
        criteria.list("phone").ifPresent(phones -> all.add(p -> phones.stream().map(Names::phone)
                .anyMatch(n -> n.equals(Names.phone(p.directPhone())) || n.equals(Names.phone(p.mobilePhone())))));
        criteria.number("contactAccuracyScoreMin").ifPresent(least -> all.add(p -> p.accuracyScore() >= least));
        criteria.number("contactAccuracyScoreMax").ifPresent(most -> all.add(p -> p.accuracyScore() <= most));
        criteria.number("lastUpdatedInMonths").ifPresent(months -> all.add(p -> p.lastUpdated().toLocalDate()
                .isAfter(World.TODAY.minusMonths(months.longValue()))));
        criteria.text("lastUpdatedDateAfter").map(Formats::date).ifPresent(date -> all.add(p ->
                p.lastUpdated().toLocalDate().isAfter(date)));
        criteria.text("validDateAfter").map(Formats::date).ifPresent(date -> all.add(p ->
                p.validDate().toLocalDate().isAfter(date)));
        criteria.text("positionStartDateMin").map(Formats::date).ifPresent(date -> all.add(p ->
                !p.positionStart().isBefore(date)));
        criteria.text("positionStartDateMax").map(Formats::date).ifPresent(date -> all.add(p ->
                !p.positionStart().isAfter(date)));
        criteria.text("hasBeenNotified").filter(word -> !word.equals("include")).ifPresent(word -> all.add(p ->
                p.noticeProvided().map(LocalDate::getYear).isPresent() == word.equals("only")));
        if (criteria.flag("executivesOnly")) {
            all.add(p -> LEVELS.indexOf(p.managementLevel()) >= 3);
        }
        if (criteria.flag("excludePartialProfiles")) {
            all.add(p -> !p.email().isEmpty() && !p.jobTitle().isEmpty());
        }
        if (CompanyFilter.hasPlace(criteria)) {
            String type = criteria.text("locationSearchType").orElse("PersonOrHQ");
            CompanyFilter.PlaceFilter place = CompanyFilter.place(criteria);
            all.add(p -> inPlace(type, place, p));
        }
        return CompanyFilter.every(all);
    }

    private static boolean inPlace(String type, CompanyFilter.PlaceFilter place, Person p) {
        boolean headquarters = place.test(p.company().place(), p.company()::zipCode);
        boolean own = place.test(p.place(), p::zipCode);
        return switch (type) {
            case "PersonAndHQ" -> own && headquarters;
            case "Person", "PersonThenHQ" -> own;
            case "HQ" -> headquarters;
            default -> own || headquarters;
        };
    }

    /** There are far fewer titles and levels than people, so each is looked at once in a request. */
    private static Predicate<String> remembered(Predicate<String> test) {
        Map<String, Boolean> known = new HashMap<>();
        return text -> known.computeIfAbsent(text, test::test);
    }

    private static boolean isLevel(String word, String managementLevel) {
        String wanted = word.replace("-", " ").replace("level exec", "level").replaceAll("s$", "").strip();
        String level = managementLevel.toLowerCase(Locale.ROOT).replace("-", " ");
        return level.equals(wanted) || level.equals(wanted + " level");
    }

    private static boolean isDepartment(String word, Person person) {
        List<String> numbered = List.of("C-Suite", "Finance", "Human Resources", "Sales", "Operations", "Information Technology",
                "Engineering & Technical", "Marketing", "Legal", "Medical & Health", "Other");
        String wanted = word.matches("\\d|10") ? numbered.get(Integer.parseInt(word)) : word;
        return person.function().department().equalsIgnoreCase(wanted);
    }

    private static boolean has(String field, Person person) {
        return switch (field) {
            case "email" -> !person.email().isEmpty();
            case "phone" -> !person.directPhone().isEmpty() || !person.mobilePhone().isEmpty();
            case "directphone" -> !person.directPhone().isEmpty();
            case "mobilephone" -> !person.mobilePhone().isEmpty();
            case "personalemail" -> !person.personalEmail().isEmpty();
            default -> throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of("requiredFields"));
        };
    }

    private static Comparator<Person> contactOrder(String sortBy) {
        return switch (sortBy) {
            case "lastName" -> Comparator.comparing(Person::lastName);
            case "companyName" -> Comparator.comparing(p -> p.company().name());
            case "hierarchy" -> Comparator.comparingInt(p -> LEVELS.indexOf(p.managementLevel()));
            case "lastMentioned" -> Comparator.comparing(Person::lastUpdated);
            default -> Comparator.comparingInt(Person::accuracyScore);
        };
    }

    private static <T> List<T> sorted(Stream<T> found, Criteria criteria, Comparator<T> order) {
        if (criteria.sortBy().isEmpty()) {
            return found.toList();
        }
        return found.sorted(criteria.ascending() ? order : order.reversed()).toList();
    }

    private interface ItemWriter<T> {

        void write(JsonGenerator out, T item) throws IOException;
    }

    private interface Id<T> {

        String of(T item);
    }

    private <T> Reply page(Call call, Criteria criteria, List<T> found, ItemWriter<T> writer, Id<T> id) {
        long cap = settings.paginationCap.get();
        long reach = settings.paginationCapCounts.get().equals("pages") ? criteria.page()
                : (long) criteria.page() * criteria.rpp();
        if (reach > cap) {
            throw new ApiError(400, "Total record pagination is over max allowed value (" + cap + ")");
        }
        long from = (long) (criteria.page() - 1) * criteria.rpp();
        if (criteria.page() > 1 && from >= found.size()) {
            throw new ApiError(400, ApiError.PAGE_TOO_GREAT);
        }
        List<T> items = found.subList((int) from, (int) Math.min(found.size(), from + criteria.rpp()));
        call.ids(items.stream().map(id::of).toList());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(items.size() * 640 + 128);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("maxResults", found.size());
            out.writeNumberField("totalResults", settings.totalResults.get().equals("page") ? items.size() : found.size());
            out.writeNumberField("currentPage", criteria.page());
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
        out.writeBooleanField("hasDirectPhone", !p.directPhone().isEmpty());
        out.writeBooleanField("hasMobilePhone", !p.mobilePhone().isEmpty());
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
