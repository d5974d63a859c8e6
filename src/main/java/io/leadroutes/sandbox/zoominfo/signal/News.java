package io.leadroutes.sandbox.zoominfo.signal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.NewsItem;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import io.leadroutes.sandbox.zoominfo.search.CompanyFilter;
import io.leadroutes.sandbox.zoominfo.search.Criteria;
import io.leadroutes.sandbox.zoominfo.search.Inputs;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** {@code POST /search/news} and {@code POST /enrich/news} (collected facts §5.6, §6.5). */
final class News {

    private static final int SHORTEST_URL = 5;

    private final Desk desk;

    News(Desk desk) {
        this.desk = desk;
    }

    Reply search(Call call, JsonNode body) {
        Criteria criteria = desk.reader.read(body, Inputs.NEWS);
        Predicate<NewsItem> wanted = filter(criteria);
        List<NewsItem> found = new ArrayList<>();
        for (Company company : desk.world.companies()) {
            for (NewsItem item : desk.signals.news(company)) {
                if (wanted.test(item)) {
                    found.add(item);
                }
            }
        }
        return reply(call, criteria, found, false);
    }

    Reply enrich(Call call, JsonNode body) {
        Criteria criteria = desk.reader.read(body, EnrichInputs.NEWS.paged("limit", 10, desk.settings.newsMostPerPage.get()));
        Predicate<NewsItem> wanted = filter(criteria);
        List<NewsItem> found = new ArrayList<>();
        desk.company(criteria).ifPresent(company -> desk.signals.newsNaming(company).stream().filter(wanted)
                .forEach(found::add));
        return reply(call, criteria, found, true);
    }

    private Reply reply(Call call, Criteria criteria, List<NewsItem> found, boolean withDescription) {
        found.sort(Comparator.comparing(NewsItem::pageDate).reversed());
        return desk.reply(call, criteria, found, false, NewsItem::url, (out, item) -> write(out, item, withDescription));
    }

    private static Predicate<NewsItem> filter(Criteria criteria) {
        List<Predicate<NewsItem>> all = new ArrayList<>();
        criteria.list("categories").ifPresent(wanted -> all.add(item -> item.categories().stream()
                .anyMatch(category -> wanted.contains(category.toLowerCase(Locale.ROOT)))));
        LocalDate from = criteria.date("pageDateMin").orElse(LocalDate.MIN);
        LocalDate to = criteria.date("pageDateMax").orElse(LocalDate.MAX);
        if (criteria.has("pageDateMin") || criteria.has("pageDateMax")) {
            all.add(item -> CompanyFilter.isWithin(item.pageDate().toLocalDate(), from, to));
        }
        criteria.list("url").ifPresent(urls -> {
            if (urls.stream().anyMatch(url -> url.length() < SHORTEST_URL)) {
                throw Criteria.invalid("url");
            }
            all.add(item -> urls.stream().anyMatch(item.url().toLowerCase(Locale.ROOT)::contains));
        });
        return CompanyFilter.every(all);
    }

    private static void write(JsonGenerator out, NewsItem item, boolean withDescription) throws IOException {
        out.writeStartObject();
        out.writeStringField("domain", item.domain());
        out.writeStringField("title", item.title());
        if (withDescription) {
            out.writeStringField("description", item.description());
        }
        out.writeStringField("url", item.url());
        out.writeStringField("imageUrl", item.imageUrl());
        out.writeStringField("pageDate", Formats.iso(item.pageDate()));
        out.writeArrayFieldStart("categories");
        for (String category : item.categories()) {
            out.writeString(category);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("company");
        for (Company company : item.companies()) {
            Desk.writeCompany(out, company);
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
