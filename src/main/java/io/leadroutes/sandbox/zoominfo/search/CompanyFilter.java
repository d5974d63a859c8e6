package io.leadroutes.sandbox.zoominfo.search;

import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Place;
import io.leadroutes.sandbox.world.Technology;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The criteria that speak of a company. Those that the world knows nothing of are type-checked elsewhere and narrow nothing. */
public final class CompanyFilter {

    private CompanyFilter() {
    }

    /** Criteria of the company itself, its place aside. */
    public static Predicate<Company> of(Criteria criteria) {
        List<Predicate<Company>> all = new ArrayList<>();
        criteria.list("companyId").<Set<String>>map(HashSet::new)
                .ifPresent(ids -> all.add(c -> ids.contains(Long.toString(c.id()))));
        criteria.list("parentId").ifPresent(ids -> all.add(c -> c.parent().isPresent()
                && ids.contains(Long.toString(c.parent().get().id()))));
        criteria.list("ultimateParentId").ifPresent(ids -> all.add(c -> ids.contains(Long.toString(c.ultimateParent().id()))));
        criteria.text("companyName").ifPresent(text -> all.add(named(text)));
        criteria.list("companyWebsite").ifPresent(sites -> {
            Set<String> domains = sites.stream().map(Names::domain).collect(Collectors.toSet());
            all.add(c -> domains.contains(c.domain()));
        });
        criteria.list("companyTicker").ifPresent(tickers -> all.add(c -> !c.ticker().isEmpty()
                && tickers.stream().anyMatch(c.ticker().toLowerCase(Locale.ROOT)::endsWith)));
        criteria.list("companyType").ifPresent(types -> all.add(c -> types.contains(c.type().toLowerCase(Locale.ROOT))));
        criteria.list("industryCodes").ifPresent(codes -> all.add(c -> codes.contains(c.industry().id())
                || codes.contains(c.industry().subId())));
        criteria.text("industryKeywords").ifPresent(text -> all.add(c -> anyWord(text,
                c.industry().name() + " " + c.industry().subName())));
        criteria.list("sicCodes").ifPresent(codes -> all.add(c -> codes.stream().anyMatch(c.industry().sic()::startsWith)));
        criteria.list("naicsCodes").ifPresent(codes -> all.add(c -> codes.stream().anyMatch(c.industry().naics()::startsWith)));
        criteria.list("revenue").ifPresent(ids -> all.add(c -> ids.contains(Formats.revenueRangeId(c))));
        criteria.list("employeeCount").ifPresent(ids -> all.add(c -> ids.contains(Formats.employeeRangeId(c))));
        range(criteria, "revenueMin", "revenueMax", Company::revenueThousands, all);
        range(criteria, "employeeRangeMin", "employeeRangeMax", Company::employees, all);
        range(criteria, "oneYearEmployeeGrowthRateMin", "oneYearEmployeeGrowthRateMax", c -> c.growth(1), all);
        range(criteria, "twoYearEmployeeGrowthRateMin", "twoYearEmployeeGrowthRateMax", c -> c.growth(2), all);
        range(criteria, "fundingAmountMin", "fundingAmountMax",
                c -> c.fundings().stream().mapToLong(Company.Funding::amountThousands).sum(), all);
        criteria.list("techAttributeTagList").ifPresent(tags -> all.add(c -> c.technologies().stream()
                .map(Technology::attribute).anyMatch(attribute -> tags.stream().anyMatch(tag -> tagMatches(tag, attribute)))));
        criteria.list("businessModel").ifPresent(models -> all.add(c ->
                models.contains(c.industry().businessModel().toLowerCase(Locale.ROOT))));
        criteria.list("subUnitTypes").ifPresent(types -> all.add(c -> c.parent().isPresent() && types.contains("subsidiary")));
        if (criteria.flag("excludeDefunctCompanies")) {
            all.add(c -> !c.defunct());
        }
        return every(all);
    }

    public static boolean hasPlace(Criteria criteria) {
        return criteria.text("state").isPresent() || criteria.text("country").isPresent()
                || criteria.text("continent").isPresent() || criteria.text("zipCode").isPresent()
                || criteria.text("metroRegion").isPresent();
    }

    /** A test of a place and a postal code; the code is worked out only where it is asked for. */
    public interface PlaceFilter {

        boolean test(Place place, Supplier<String> zipCode);
    }

    /** State and country are alternatives, not joined by AND. */
    public static PlaceFilter place(Criteria criteria) {
        List<String> states = criteria.list("state").orElse(List.of()).stream().map(CompanyFilter::lastPart).toList();
        List<String> countries = criteria.list("country").orElse(List.of()).stream().map(CompanyFilter::flat).toList();
        List<String> continents = criteria.list("continent").orElse(List.of()).stream().map(CompanyFilter::flat).toList();
        List<String> metros = criteria.list("metroRegion").orElse(List.of());
        List<String> zipCodes = criteria.list("zipCode").orElse(List.of());
        Map<Place, Boolean> known = new IdentityHashMap<>();
        return (place, zipCode) -> known.computeIfAbsent(place, p -> {
            boolean anywhere = states.isEmpty() && countries.isEmpty();
            boolean here = states.contains(flat(p.state())) || countries.contains(flat(p.country()))
                    || countries.contains(p.countryCode().toLowerCase(Locale.ROOT))
                    || countries.contains("usa") && p.countryCode().equals("US");
            return (anywhere || here) && (continents.isEmpty() || continents.contains(flat(p.continent())))
                    && (metros.isEmpty() || metros.contains(p.metroArea()));
        }) && (zipCodes.isEmpty() || startsWithAny(zipCode.get().toLowerCase(Locale.ROOT), zipCodes));
    }

    private static boolean startsWithAny(String zipCode, List<String> starts) {
        return !zipCode.isEmpty() && starts.stream().anyMatch(zipCode::startsWith);
    }

    /** Terms joined by OR; one with NOT before it excludes. */
    public static boolean anyWord(String terms, String text) {
        String plain = " " + Names.plain(text) + " ";
        boolean any = false;
        boolean positive = false;
        for (String term : terms.split("(?i)\\s+OR\\s+")) {
            boolean not = term.regionMatches(true, 0, "NOT ", 0, 4);
            String wanted = " " + Names.plain(not ? term.substring(4) : term) + " ";
            if (not && plain.contains(wanted)) {
                return false;
            }
            positive |= !not;
            any |= !not && plain.contains(wanted);
        }
        return any || !positive;
    }

    public static <T> Predicate<T> every(List<Predicate<T>> all) {
        return subject -> {
            for (Predicate<T> one : all) {
                if (!one.test(subject)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static Predicate<Company> named(String text) {
        return company -> anyWord(text, company.name());
    }

    private static void range(Criteria criteria, String min, String max, ToDoubleFunction<Company> value,
            List<Predicate<Company>> all) {
        criteria.number(min).ifPresent(least -> all.add(c -> value.applyAsDouble(c) >= least));
        criteria.number(max).ifPresent(most -> all.add(c -> value.applyAsDouble(c) <= most));
    }

    private static boolean tagMatches(String tag, String attribute) {
        String[] wanted = tag.split("\\.");
        String[] parts = attribute.split("\\.");
        if (wanted.length > parts.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].equals("*") && !wanted[i].equals(parts[i])) {
                return false;
            }
        }
        return true;
    }

    /** {@code usa.georgia} and {@code Georgia} are both accepted. */
    private static String lastPart(String dotted) {
        return flat(dotted.substring(dotted.lastIndexOf('.') + 1));
    }

    private static String flat(String name) {
        return Names.plain(name).replace(" ", "");
    }
}
