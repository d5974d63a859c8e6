package io.leadroutes.sandbox.zoominfo.signal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.Signals;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.Account;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.search.CompanyFilter;
import io.leadroutes.sandbox.zoominfo.search.Criteria;
import io.leadroutes.sandbox.zoominfo.search.CriteriaReader;
import io.leadroutes.sandbox.zoominfo.search.Pages;
import io.leadroutes.sandbox.zoominfo.search.PlaceFilter;
import io.leadroutes.sandbox.zoominfo.search.WorldIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** What scoops, news and intent share: which company is meant, which companies fit, and the records a page costs. */
final class Desk {

    final World world;
    final Signals signals;
    final WorldIndex index;
    final ZoomInfoSettings settings;
    final CriteriaReader reader;
    private final Account account;
    private final Pages pages;

    Desk(World world, ZoomInfoSettings settings, Account account) {
        this.world = world;
        this.signals = new Signals(world);
        this.index = new WorldIndex(world);
        this.settings = settings;
        this.reader = new CriteriaReader(world, settings);
        this.account = account;
        this.pages = new Pages(settings);
    }

    /** The company to enrich by id, then web address, then name; the documented error if none of them was sent. */
    Optional<Company> company(Criteria criteria) {
        if (!criteria.has("companyId") && !criteria.has("companyWebsite") && !criteria.has("companyName")) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        Optional<Company> byId = criteria.number("companyId").flatMap(id -> world.companyById(id.longValue()));
        return byId.or(() -> criteria.text("companyWebsite").flatMap(world::companyByDomain))
                .or(() -> criteria.text("companyName").flatMap(name -> world.companiesNamed(name).stream().findFirst()));
    }

    /** The companies that fit the criteria of the company, and of its place where {@code atHeadquarters}. */
    List<Company> companies(Criteria criteria, boolean atHeadquarters) {
        Predicate<Company> wanted = CompanyFilter.of(criteria, index).orElse(company -> true);
        Optional<PlaceFilter> place = atHeadquarters ? PlaceFilter.of(criteria, index) : Optional.empty();
        List<Company> found = new ArrayList<>();
        for (Company company : world.companies()) {
            if (wanted.test(company) && (place.isEmpty() || place.get().test(company.place(), company::zipCode))) {
                found.add(company);
            }
        }
        return found;
    }

    /** Cuts the page, counts its records and writes it. A page is delivered whole as long as a single record is left. */
    <T> Reply reply(Call call, Criteria criteria, List<T> found, boolean withTotal, Function<T, String> id,
            Pages.ItemWriter<T> writer) {
        Pages.Page<T> page = pages.cut(criteria, found);
        if (!page.items().isEmpty() && settings.usageEnforced.get() && account.records() >= settings.recordLimit.get()) {
            throw new ApiError(403, ApiError.RECORDS_USED_UP);
        }
        page.items().forEach(item -> account.record());
        call.ids(page.items().stream().map(id).toList());
        return pages.reply(page, withTotal, writer);
    }

    /** A person as scoops and intent name one. */
    static void writeContact(JsonGenerator out, Person person) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", person.id());
        out.writeStringField("firstName", person.firstName());
        out.writeStringField("lastName", person.lastName());
        out.writeStringField("jobTitle", person.jobTitle());
        out.writeArrayFieldStart("jobFunction");
        out.writeStartObject();
        out.writeStringField("name", person.function().name());
        out.writeStringField("department", person.function().department());
        out.writeEndObject();
        out.writeEndArray();
        out.writeEndObject();
    }

    static void writeCompany(JsonGenerator out, Company company) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", company.id());
        out.writeStringField("name", company.name());
        out.writeEndObject();
    }
}
