package io.leadroutes.sandbox.zoominfo.search;

import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Technology;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The criteria that speak of a company, its place aside. */
public final class CompanyFilter {

    private CompanyFilter() {
    }

    /** Empty if the criteria speak of no company. Cheap tests come before dear ones. */
    public static Optional<Predicate<Company>> of(Criteria criteria, WorldIndex index) {
        List<Predicate<Company>> all = new ArrayList<>();
        criteria.set("companyId").ifPresent(ids -> all.add(c -> ids.contains(Long.toString(c.id()))));
        if (criteria.flag("excludeDefunctCompanies")) {
            all.add(c -> !c.defunct());
        }
        range(criteria, "employeeRangeMin", "employeeRangeMax", Company::employees, all);
        range(criteria, "revenueMin", "revenueMax", Company::revenueThousands, all);
        criteria.set("revenue").ifPresent(ids -> all.add(c -> ids.contains(Formats.revenueRangeId(c))));
        criteria.set("employeeCount").ifPresent(ids -> all.add(c -> ids.contains(Formats.employeeRangeId(c))));
        criteria.number("certified").ifPresent(wanted -> all.add(c -> c.certified() == (wanted > 0)));
        family(criteria, all);
        industry(criteria, all);
        criteria.set("companyType").ifPresent(types -> {
            Set<String> flat = types.stream().map(PlaceFilter::flat).collect(Collectors.toSet());
            all.add(c -> flat.contains(PlaceFilter.flat(c.type())));
        });
        criteria.set("companyRanking").ifPresent(ids -> all.add(c -> c.rankings().stream().anyMatch(ids::contains)));
        range(criteria, "zoominfoContactsMin", "zoominfoContactsMax", Company::contactsInZoomInfo, all);
        range(criteria, "oneYearEmployeeGrowthRateMin", "oneYearEmployeeGrowthRateMax", c -> c.growth(1), all);
        range(criteria, "twoYearEmployeeGrowthRateMin", "twoYearEmployeeGrowthRateMax", c -> c.growth(2), all);
        range(criteria, "marketingDepartmentBudgetMin", "marketingDepartmentBudgetMax", Company::marketingBudgetThousands, all);
        range(criteria, "financeDepartmentBudgetMin", "financeDepartmentBudgetMax", Company::financeBudgetThousands, all);
        range(criteria, "itDepartmentBudgetMin", "itDepartmentBudgetMax", Company::itBudgetThousands, all);
        range(criteria, "hrDepartmentBudgetMin", "hrDepartmentBudgetMax", Company::hrBudgetThousands, all);
        funding(criteria, all);
        engagement(criteria, all);
        criteria.list("techAttributeTagList").ifPresent(tags -> all.add(c -> c.technologies().stream()
                .map(Technology::attribute).anyMatch(attribute -> tags.stream().anyMatch(tag -> tagMatches(tag, attribute)))));
        criteria.set("companyWebsite").ifPresent(sites -> {
            Set<String> domains = sites.stream().map(Names::domain).collect(Collectors.toSet());
            all.add(c -> domains.contains(c.domain()));
        });
        criteria.list("companyTicker").ifPresent(tickers -> all.add(c -> !c.ticker().isEmpty()
                && tickers.stream().anyMatch(c.ticker().toLowerCase(Locale.ROOT)::endsWith)));
        criteria.text("companyName").map(TextQuery::of).ifPresent(q -> all.add(c -> q.testPlain(index.plainName(c))));
        criteria.text("street").map(TextQuery::of).ifPresent(q -> all.add(c -> q.test(c.street())));
        criteria.text("address").map(TextQuery::of).ifPresent(q -> all.add(c -> q.test(address(c))));
        criteria.text("companyDescription").map(TextQuery::of).ifPresent(q -> all.add(c -> q.test(c.description())));
        return all.isEmpty() ? Optional.empty() : Optional.of(every(all));
    }

    private static void family(Criteria criteria, List<Predicate<Company>> all) {
        criteria.set("parentId").ifPresent(ids -> all.add(c -> c.parent().isPresent()
                && ids.contains(Long.toString(c.parent().get().id()))));
        criteria.set("ultimateParentId").ifPresent(ids -> all.add(c -> ids.contains(Long.toString(c.ultimateParent().id()))));
        for (String name : List.of("subUnitTypes", "companyStructureIncludedSubUnitTypes")) {
            criteria.set(name).ifPresent(types -> all.add(c -> types.contains(c.subUnitType().toLowerCase(Locale.ROOT))));
        }
    }

    private static void industry(Criteria criteria, List<Predicate<Company>> all) {
        criteria.set("industryCodes").ifPresent(codes -> all.add(c -> codes.contains(c.industry().id())
                || codes.contains(c.industry().subId())));
        criteria.text("industryKeywords").map(TextQuery::of).ifPresent(query -> {
            Predicate<String> wanted = PersonFilter.remembered(query);
            all.add(c -> wanted.test(c.industry().name() + " " + c.industry().subName()));
        });
        criteria.list("sicCodes").ifPresent(codes -> all.add(c -> codes.stream().anyMatch(c.industry().sic()::startsWith)));
        criteria.list("naicsCodes").ifPresent(codes -> all.add(c -> codes.stream().anyMatch(c.industry().naics()::startsWith)));
        criteria.set("businessModel").ifPresent(models -> all.add(c ->
                models.contains(c.industry().businessModel().toLowerCase(Locale.ROOT))));
    }

    /** The amount is that of all rounds together; the dates ask for one round between them. */
    private static void funding(Criteria criteria, List<Predicate<Company>> all) {
        range(criteria, "fundingAmountMin", "fundingAmountMax",
                c -> c.fundings().stream().mapToLong(Company.Funding::amountThousands).sum(), all);
        LocalDate from = criteria.date("fundingStartDate").orElse(LocalDate.MIN);
        LocalDate to = criteria.date("fundingEndDate").orElse(LocalDate.MAX);
        if (criteria.has("fundingStartDate") || criteria.has("fundingEndDate")) {
            all.add(c -> c.fundings().stream().anyMatch(round -> isWithin(round.date(), from, to)));
        }
    }

    private static void engagement(Criteria criteria, List<Predicate<Company>> all) {
        LocalDate from = criteria.date("engagementStartDate").orElse(LocalDate.MIN);
        LocalDate to = criteria.date("engagementEndDate").orElse(LocalDate.MAX);
        List<String> types = criteria.list("engagementType").orElse(Company.Engagement.TYPES);
        if (criteria.has("engagementStartDate") || criteria.has("engagementEndDate") || criteria.has("engagementType")) {
            all.add(c -> c.engagements().stream().anyMatch(e -> types.contains(e.type()) && isWithin(e.date(), from, to)));
        }
    }

    /** Both days included. */
    public static boolean isWithin(LocalDate date, LocalDate from, LocalDate to) {
        return !date.isBefore(from) && !date.isAfter(to);
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

    private static String address(Company c) {
        return c.street() + " " + c.place().city() + " " + c.place().state() + " " + c.zipCode() + " " + c.place().country();
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
}
