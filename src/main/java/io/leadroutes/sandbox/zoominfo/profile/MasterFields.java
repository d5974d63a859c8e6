package io.leadroutes.sandbox.zoominfo.profile;

import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Hashtag;
import io.leadroutes.sandbox.world.Hashtags;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Site;
import io.leadroutes.sandbox.world.Technology;
import io.leadroutes.sandbox.world.World;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The 199 output fields of /enrich/company-master that speak of a site and its company (collected facts §6.4); the 200th,
 * {@code zi_match_reason}, belongs to the match. A value that is not known is empty, and the field is then left out. Flags are
 * the texts {@code 0} and {@code 1}, revenue and funding are in thousands of US dollars.
 */
public final class MasterFields {

    /** The field that tells how an input was matched. */
    public static final String MATCH_REASON = "zi_match_reason";
    /** What lies between the ids of the two systems that the record is put together from. */
    private static final long ECID_OFFSET = 100_000_000L;
    private static final String[] LEVELS = {"Low", "Medium", "High"};
    private static final double[] CONFIDENCES = {0.2, 0.4, 0.6, 0.8, 1};

    private final World world;
    private final Map<String, Field> fields = new LinkedHashMap<>();

    /** @param type as the lookup tells it: Long, Float, String, ArrayList or Object */
    private record Field(String type, Function<Site, Object> value) {
    }

    public MasterFields(World world) {
        this.world = world;
        site();
        industry();
        headquarters();
        presence();
        growthAndConfidence();
        facts();
        departmentsAndFunding();
        hierarchy();
        measures();
    }

    /** All names with their types, {@value #MATCH_REASON} last, in the order in which the lookup gives them. */
    public Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        fields.forEach((name, field) -> types.put(name, field.type()));
        types.put(MATCH_REASON, "Object");
        return Collections.unmodifiableMap(types);
    }

    /** The value of a field: a text, a number or a list; empty where there is nothing to tell. */
    public Optional<Object> value(String name, Site site) {
        Object value = fields.get(name).value().apply(site);
        boolean nothing = value == null || value.equals("") || value instanceof List<?> list && list.isEmpty()
                || value instanceof Long number && number == 0;
        return nothing ? Optional.empty() : Optional.of(value);
    }

    /** The site of the other system's id of a company. */
    public Optional<Site> byEcid(long ecid) {
        return world.siteById(ecid - ECID_OFFSET);
    }

    /** The site of a location id: an ecid with letters behind it. */
    public Optional<Site> byLocationId(String id) {
        int end = 0;
        while (end < id.length() && end < 18 && Character.isDigit(id.charAt(end))) {
            end++;
        }
        return end == 0 ? Optional.empty()
                : byEcid(Long.parseLong(id.substring(0, end))).filter(site -> locationId(site).equalsIgnoreCase(id));
    }

    private void site() {
        number("zi_c_location_id", Site::id);
        number("zi_es_ecid", MasterFields::ecid);
        text("zi_es_location_id", MasterFields::locationId);
        flag("zi_c_is_hq", Site::isHeadquarters);
        ofCompany("zi_c_tier_grade", "String", c -> c.trait(300, 3) == 0 ? "B" : c.trait(301, 9) == 0 ? "C" : "A");
        ofCompany("zi_c_name", "String", Company::name);
        ofCompany("zi_c_name_display", "String", MasterFields::displayName);
        ofCompany("zi_c_legal_entity_type", "String", MasterFields::legalForm);
        ofCompany("zi_c_url", "String", Company::domain);
        address("zi_c_", site -> site);
        text("zi_c_cbsa_name", site -> site.place().metroArea().isEmpty() ? "" : site.place().city());
        text("zi_c_county", site -> "");
        fields.put("zi_c_latitude", new Field("Float", site -> site.place().latitude()));
        fields.put("zi_c_longitude", new Field("Float", site -> site.place().longitude()));
        text("zi_c_verified_address", site -> site.street().isEmpty() ? "" : flag(site.addressStatus().equals("CURRENT")));
        ofCompany("zi_c_employee_range", "String", Formats::employeeRange);
        number("zi_c_employees", site -> site.isHeadquarters() ? site.company().employees() : site.employees());
        ofCompany("zi_c_revenue_range", "String", Formats::revenueRange);
        number("zi_c_revenue", site -> site.company().revenueThousands());
        text("zi_c_phone", Site::phone);
        text("zi_c_fax", Site::fax);
    }

    private void industry() {
        ofCompany("zi_c_industry_primary", "String", c -> c.industry().name());
        ofCompany("zi_c_sub_industry_primary", "String", c -> c.industry().subName());
        ofCompany("zi_c_industries", "ArrayList", c -> List.of(c.industry().name()));
        ofCompany("zi_c_sub_industries", "ArrayList", c -> List.of(c.industry().subName()));
        ofCompany("zi_es_industry", "String", c -> c.industry().subName());
        ofCompany("zi_es_industries_top3", "ArrayList", c -> List.of(c.industry().subName(), c.industry().name()));
        ofCompany("zi_c_naics2", "String", c -> c.industry().naics().substring(0, 2));
        ofCompany("zi_c_naics4", "String", c -> c.industry().naics().substring(0, 4));
        ofCompany("zi_c_naics6", "String", c -> c.industry().naics());
        ofCompany("zi_c_naics_top3", "ArrayList", c -> List.of(c.industry().naics()));
        ofCompany("zi_c_sic2", "String", c -> c.industry().sic().substring(0, 2));
        ofCompany("zi_c_sic3", "String", c -> c.industry().sic().substring(0, 3));
        ofCompany("zi_c_sic4", "String", c -> c.industry().sic());
        ofCompany("zi_c_sic_top3", "ArrayList", c -> List.of(c.industry().sic()));
        number("zi_c_estimated_age", site -> World.TODAY.getYear() - site.company().foundedYear());
        ofCompany("zi_c_year_founded", "String", c -> Integer.toString(c.foundedYear()));
        ofCompany("zi_c_is_b2b", "String", c -> flag(c.industry().businessModel().equals("B2B")));
        ofCompany("zi_c_is_b2c", "String", c -> flag(c.industry().businessModel().equals("B2C")));
    }

    private void headquarters() {
        number("zi_c_company_id", site -> site.company().id());
        number("zi_es_hq_ecid", site -> ecid(headquarters(site)));
        text("zi_es_hq_location_id", site -> locationId(headquarters(site)));
        ofCompany("zi_c_company_name", "String", Company::name);
        ofCompany("zi_c_company_url", "String", Company::domain);
        address("zi_c_company_", this::headquarters);
        ofCompany("zi_c_company_cbsa_name", "String", c -> c.place().metroArea().isEmpty() ? "" : c.place().city());
        ofCompany("zi_c_company_county", "String", c -> "");
        ofCompany("zi_c_company_latitude", "Float", c -> c.place().latitude());
        ofCompany("zi_c_company_longitude", "Float", c -> c.place().longitude());
        ofCompany("zi_c_company_verified_address", "String", c -> c.street().isEmpty() ? "" : flag(!c.defunct()));
        ofCompany("zi_c_company_employee_range", "String", Formats::employeeRange);
        number("zi_c_company_employees", site -> site.company().employees());
        ofCompany("zi_c_company_revenue_range", "String", Formats::revenueRange);
        number("zi_c_company_revenue", site -> site.company().revenueThousands());
        ofCompany("zi_c_company_phone", "String", Company::phone);
        ofCompany("zi_c_company_fax", "String", Company::fax);
    }

    private void presence() {
        ofCompany("zi_c_linkedin_url", "String", c -> social(c, "www.linkedin.com/company/"));
        ofCompany("zi_c_facebook_url", "String", c -> "");
        ofCompany("zi_c_twitter_url", "String", c -> social(c, "www.twitter.com/"));
        ofCompany("zi_c_yelp_url", "String", c -> "");
        number("zi_c_alexa_rank", site -> rank(site.company()));
        ofCompany("zi_c_keywords", "ArrayList", MasterFields::keywords);
        ofCompany("zi_c_top_keywords", "ArrayList", c -> keywords(c).stream().limit(10).toList());
        number("zi_c_num_keywords", site -> keywords(site.company()).size());
    }

    private void growthAndConfidence() {
        ofCompany("zi_c_employee_growth_1yr", "Float", c -> c.growth(1));
        ofCompany("zi_c_employee_growth_2yr", "Float", c -> c.growth(2));
        for (String name : List.of("zi_es_growth", "zi_es_employee_growth", "zi_es_revenue_growth")) {
            ofCompany(name, "String", c -> LEVELS[c.growth(1) < 5 ? 0 : c.growth(1) < 25 ? 1 : 2]);
        }
        ofCompany("zi_es_percent_employee_growth", "Float", c -> c.growth(1) / 10);
        ofCompany("zi_es_percent_revenue_growth", "Float", c -> c.growth(1) / 8);
        int salt = 310;
        for (String of : List.of("zi_c_name", "zi_c_url", "zi_c_address", "zi_c_phone", "zi_c_employees", "zi_c_revenue",
                "zi_es_industry", "zi_c_naics", "zi_c_sic")) {
            int own = salt++;
            ofCompany(of + "_confidence_score", "Float", c -> confidence(c, own));
        }
        ofCompany("zi_es_industries_top3_confidence_scores", "ArrayList", c -> List.of(confidence(c, 316), 0.2));
        ofCompany("zi_c_naics_top3_confidence_scores", "ArrayList", c -> List.of(confidence(c, 317)));
        ofCompany("zi_c_sic_top3_confidence_scores", "ArrayList", c -> List.of(confidence(c, 318)));
    }

    private void facts() {
        ofCompany("zi_c_names_other", "String", c -> "");
        ofCompany("zi_c_url_status", "String", c -> c.domain().isEmpty() ? "" : c.defunct() ? "PARKED" : "VALID");
        ofCompany("zi_c_urls_alt", "ArrayList", c -> c.domain().isEmpty() ? List.of() : List.of(c.domain()));
        ofCompany("zi_c_url_last_updated", "String", c -> c.domain().isEmpty() ? "" : c.lastUpdated().toString());
        ofCompany("zi_c_inactive_flag", "String", c -> flag(c.defunct()));
        ofCompany("zi_c_ein", "String", c -> "");
        text("zi_c_is_small_business", site -> site.employees() == 0 ? "" : flag(site.employees() < 500));
        ofCompany("zi_c_is_public", "String", c -> flag(c.type().equals("PUBLIC")));
        ofCompany("zi_c_ticker", "String", Company::ticker);
        ofCompany("zi_c_tickers_alt", "ArrayList", c -> List.of());
        ofCompany("zi_c_has_mobile_app", "String", c -> flag(c.trait(330, 6) == 0));
        ofCompany("zi_c_currency_code", "String", c -> "USD");
        number("zi_c_num_locations", site -> site.company().siteCount());
    }

    private void departmentsAndFunding() {
        Map<String, String> departments = new LinkedHashMap<>();
        departments.put("hr", "Human Resources");
        departments.put("sales", "Sales");
        departments.put("marketing", "Marketing");
        departments.put("finance", "Finance");
        departments.put("c_suite", "C-Suite");
        departments.put("engineering", "Engineering & Technical");
        departments.put("it", "Information Technology");
        departments.put("operations", "Operations");
        departments.put("legal", "Legal");
        departments.put("medical", "Medical & Health");
        departments.forEach((key, name) -> number("zi_c_" + key + "_contacts", site -> world.peopleOf(site.company()).stream()
                .filter(person -> !person.optedOut() && person.function().department().equals(name)).count()));
        ofCompany("zi_c_tech_ids", "ArrayList", c -> c.technologies().stream().map(Technology::attribute).toList());
        number("zi_c_latest_funding_age", site -> latest(site).map(Company.Funding::date)
                .map(date -> ChronoUnit.MONTHS.between(date, World.TODAY)).orElse(0L));
        number("zi_c_num_of_investors", site -> 0L);
        ofCompany("zi_c_investor_names", "ArrayList", c -> List.of());
        ofCompany("zi_c_funding_strength", "String", c -> c.fundings().isEmpty() ? ""
                : LEVELS[Math.min(2, c.fundings().size() - 1)]);
        ofCompany("zi_c_funding_type", "ArrayList", c -> c.fundings().stream().map(Company.Funding::type).toList());
        number("zi_c_total_funding_amount", site -> site.company().fundings().stream()
                .mapToLong(Company.Funding::amountThousands).sum());
        number("zi_c_latest_funding_amount", site -> latest(site).map(Company.Funding::amountThousands).orElse(0L));
        text("zi_c_latest_funding_date", site -> latest(site).map(Company.Funding::date).map(LocalDate::toString).orElse(""));
        number("zi_c_num_funding_rounds", site -> site.company().fundings().size());
    }

    private void hierarchy() {
        ofCompany("zi_c_is_fortune_100", "String", c -> flag(c.employees() > 150_000));
        ofCompany("zi_c_is_fortune_500", "String", c -> flag(c.employees() > 50_000));
        ofCompany("zi_c_is_s_and_p_500", "String", c -> flag(c.employees() > 50_000 && c.type().equals("PUBLIC")));
        flag("zi_c_is_domestic_hq", site -> site.isHeadquarters() && domesticParent(site.company()) == site.company());
        flag("zi_c_is_global_parent", site -> site.isHeadquarters() && site.company().parent().isEmpty());
        flag("zi_c_is_subsidiary", site -> site.company().parent().isPresent());
        flag("zi_c_is_franchisor", site -> false);
        flag("zi_c_is_franchisee", site -> false);
        text("zi_c_hierarchy_code", site -> hierarchyCode(site));
        number("zi_c_hierarchy_level", site -> level(site.company()) + (site.isHeadquarters() ? 0 : 1));
        ofCompany("zi_c_parent_child_confidence_score", "Float", c -> c.parent().isEmpty() ? "" : confidence(c, 340));
        relative("immediate_parent", site -> site.isHeadquarters() ? site.company().parent().orElse(null) : site.company());
        relative("domestic_parent", site -> domesticParent(site.company()));
        relative("global_parent", site -> site.company().ultimateParent());
        relative("franchisor", site -> null);
    }

    private void measures() {
        int salt = 350;
        for (String of : List.of("tech_spend", "hr_spend", "sales_spend", "marketing_spend", "finance_spend", "tech_strength",
                "hr_strength", "sales_strength", "marketing_strength", "finance_strength", "tech_sophistication",
                "hr_sophistication", "sales_sophistication", "marketing_sophistication", "social_sophistication",
                "finance_sophistication")) {
            int own = salt++;
            ofCompany("zi_c_" + of, "String", c -> LEVELS[c.trait(own, 3)]);
        }
        ofCompany("zi_c_last_updated_date", "String", c -> c.lastUpdated().toString());
        ofCompany("zi_c_release_date", "String", c -> String.format(Locale.ROOT, "%d%02d", World.TODAY.getYear(),
                World.TODAY.getMonthValue()));
    }

    /** Ids, name, web site and address of a company that this one belongs to; all left out where there is none. */
    private void relative(String role, Function<Site, Company> finder) {
        Function<Site, Site> top = site -> {
            Company company = finder.apply(site);
            return company == null ? null : world.sitesOf(company).get(0);
        };
        String prefix = "zi_c_" + role + "_";
        fields.put(prefix + "company_id", new Field("Long", ifAny(top, site -> site.company().id())));
        fields.put("zi_es_" + role + "_ecid", new Field("Long", ifAny(top, MasterFields::ecid)));
        fields.put("zi_es_" + role + "_location_id", new Field("String", ifAny(top, MasterFields::locationId)));
        fields.put(prefix + "name", new Field("String", ifAny(top, site -> site.company().name())));
        fields.put(prefix + "url", new Field("String", ifAny(top, site -> site.company().domain())));
        fields.put(prefix + "street", new Field("String", ifAny(top, Site::street)));
        fields.put(prefix + "street_2", new Field("String", site -> ""));
        fields.put(prefix + "city", new Field("String", ifAny(top, site -> site.place().city())));
        fields.put(prefix + "zip", new Field("String", ifAny(top, Site::zipCode)));
        fields.put(prefix + "state", new Field("String", ifAny(top, site -> site.place().state())));
        fields.put(prefix + "country", new Field("String", ifAny(top, site -> site.place().country())));
    }

    private static Function<Site, Object> ifAny(Function<Site, Site> top, Function<Site, Object> value) {
        return site -> {
            Site other = top.apply(site);
            return other == null ? "" : value.apply(other);
        };
    }

    private void address(String prefix, Function<Site, Site> of) {
        text(prefix + "street", site -> of.apply(site).street());
        text(prefix + "street_2", site -> "");
        text(prefix + "city", site -> of.apply(site).place().city());
        text(prefix + "state", site -> of.apply(site).place().state());
        text(prefix + "zip", site -> of.apply(site).zipCode());
        text(prefix + "country", site -> of.apply(site).place().country());
    }

    private interface Whole {

        long of(Site site);
    }

    private void number(String name, Whole value) {
        fields.put(name, new Field("Long", value::of));
    }

    private void text(String name, Function<Site, String> value) {
        fields.put(name, new Field("String", value::apply));
    }

    private void flag(String name, Function<Site, Boolean> value) {
        fields.put(name, new Field("String", site -> flag(value.apply(site))));
    }

    private void ofCompany(String name, String type, Function<Company, Object> value) {
        fields.put(name, new Field(type, site -> value.apply(site.company())));
    }

    private static String flag(boolean set) {
        return set ? "1" : "0";
    }

    private Site headquarters(Site site) {
        return site.isHeadquarters() ? site : world.sitesOf(site.company()).get(0);
    }

    private static long ecid(Site site) {
        return site.id() + ECID_OFFSET;
    }

    private static String locationId(Site site) {
        StringBuilder letters = new StringBuilder(31).append(ecid(site));
        for (int i = 0; i < 11; i++) {
            letters.append((char) ('A' + site.company().trait(360 + i + (int) (site.id() % 997), 26)));
        }
        return letters.toString();
    }

    /** The name without its legal form. */
    private static String displayName(Company company) {
        String form = legalForm(company);
        return form.isEmpty() ? company.name() : company.name().substring(0, company.name().length() - form.length()).strip();
    }

    private static String legalForm(Company company) {
        String last = company.name().substring(company.name().lastIndexOf(' ') + 1);
        return Names.company(company.name()).endsWith(Names.plain(last)) ? "" : last;
    }

    private static String social(Company company, String site) {
        return company.trait(4, 10) < 7 ? site + Names.company(company.name()).replace(' ', '-') : "";
    }

    private static long rank(Company company) {
        return company.domain().isEmpty() ? 0 : 1_000 + company.trait(9, 4_000_000);
    }

    private static List<String> keywords(Company company) {
        return Hashtags.of(company).stream().map(Hashtag::label).toList();
    }

    private static double confidence(Company company, int salt) {
        return CONFIDENCES[Math.max(company.trait(salt, 5), company.trait(salt + 400, 5))];
    }

    private static Optional<Company.Funding> latest(Site site) {
        return site.company().fundings().stream().findFirst();
    }

    /** The highest company above it in the same country. */
    private static Company domesticParent(Company company) {
        Company top = company;
        while (top.parent().isPresent()
                && top.parent().get().place().countryCode().equals(company.place().countryCode())) {
            top = top.parent().get();
        }
        return top;
    }

    private static long level(Company company) {
        return company.parent().isEmpty() ? 1 : 1 + level(company.parent().get());
    }

    private String hierarchyCode(Site site) {
        Company company = site.company();
        boolean alone = company.siteCount() == 1 && world.childrenOf(company).isEmpty();
        return !site.isHeadquarters() ? "BR" : company.parent().isPresent() ? "SUB" : alone ? "SL" : "GP";
    }
}
