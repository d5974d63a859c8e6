package io.leadroutes.sandbox.zoominfo.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Hashtag;
import io.leadroutes.sandbox.world.Hashtags;
import io.leadroutes.sandbox.world.Industry;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Technology;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The output fields of a company, and those of the company within a contact. */
public final class CompanyFields {

    private static final List<String> DEPARTMENTS = List.of("sales", "engineeringAndTechnical", "marketing",
            "informationTechnology", "humanResources", "finance", "operations", "legal", "cSuite", "medicalAndHealth");

    private CompanyFields() {
    }

    /** The fields of /enrich/company. */
    public static List<OutputField<Company>> all() {
        List<OutputField<Company>> fields = new ArrayList<>();
        fields.add(number("id", "Long", Company::id));
        fields.add(OutputField.text("ticker", Company::ticker));
        fields.add(OutputField.text("name", Company::name));
        fields.add(OutputField.text("website", Company::website));
        fields.add(array("domainList", (out, c) -> writeIfAny(out, c.domain())));
        fields.add(OutputField.text("logo", CompanyFields::logo));
        fields.add(array("socialMediaUrls", CompanyFields::socialMedia));
        fields.add(number("revenue", "Long", Company::revenueThousands));
        fields.add(number("employeeCount", "Integer", Company::employees));
        fields.add(number("numberOfContactsInZoomInfo", "Integer", Company::contactsInZoomInfo));
        fields.add(OutputField.text("phone", Company::phone));
        fields.add(OutputField.text("fax", Company::fax));
        fields.add(OutputField.text("street", Company::street));
        fields.add(OutputField.text("city", c -> c.place().city()));
        fields.add(OutputField.text("state", c -> c.place().state()));
        fields.add(OutputField.text("zipCode", Company::zipCode));
        fields.add(OutputField.text("country", c -> c.place().country()));
        fields.add(OutputField.text("companyStatus", c -> c.defunct() ? "DEFUNCT" : "ALIVE"));
        fields.add(OutputField.text("companyStatusDate", c -> Formats.dateTime(c.lastUpdated())));
        fields.add(array("descriptionList", CompanyFields::description));
        fields.add(array("sicCodes", (out, c) -> code(out, c.industry().sic(), c.industry().sicName())));
        fields.add(array("naicsCodes", (out, c) -> code(out, c.industry().naics(), c.industry().naicsName())));
        fields.add(array("competitors", (out, c) -> { }));
        fields.add(number("ultimateParentId", "Long", c -> c.parent().isPresent() ? c.ultimateParent().id() : 0));
        fields.add(OutputField.text("ultimateParentName", c -> c.parent().isPresent() ? c.ultimateParent().name() : ""));
        fields.add(number("ultimateParentRevenue", "Long",
                c -> c.parent().isPresent() ? c.ultimateParent().revenueThousands() : 0));
        fields.add(number("ultimateParentEmployees", "Integer",
                c -> c.parent().isPresent() ? c.ultimateParent().employees() : 0));
        fields.add(OutputField.text("subUnitType", c -> c.parent().isPresent() ? "subsidiary" : ""));
        fields.add(array("subUnitIndustries", (out, c) -> writeIfAny(out, c.parent().isPresent() ? c.industry().name() : "")));
        industries(fields, "");
        fields.add(OutputField.text("locationMatch", c -> ""));
        fields.add(number("parentId", "Long", c -> c.parent().map(Company::id).orElse(0L)));
        fields.add(OutputField.text("parentName", c -> c.parent().map(Company::name).orElse("")));
        fields.add(number("locationCount", "Integer", Company::siteCount));
        fields.add(OutputField.text("metroArea", c -> c.place().metroArea()));
        fields.add(OutputField.text("lastUpdatedDate", c -> Formats.dateTime(c.lastUpdated())));
        fields.add(OutputField.text("createdDate", c -> Formats.dateTime(c.lastUpdated().minusYears(4))));
        fields.add(OutputField.text("certificationDate", c -> c.certified() ? Formats.dateTime(c.lastUpdated()) : ""));
        fields.add(flag("certified", Company::certified));
        fields.add(array("products", (out, c) -> { }));
        fields.add(OutputField.text("revenueRange", Formats::revenueRange));
        fields.add(OutputField.text("employeeRange", Formats::employeeRange));
        fields.add(array("companyFunding", CompanyFields::funding));
        fields.add(number("recentFundingAmount", "Long", c -> c.fundings().stream().findFirst()
                .map(Company.Funding::amountThousands).orElse(0L)));
        fields.add(OutputField.text("recentFundingDate", c -> c.fundings().stream().findFirst()
                .map(f -> Formats.dateTime(f.date())).orElse("")));
        fields.add(number("totalFundingAmount", "Long",
                c -> c.fundings().stream().mapToLong(Company.Funding::amountThousands).sum()));
        fields.add(new OutputField<>("employeeGrowth", "employeeGrowth", "Object", CompanyFields::growth));
        fields.add(OutputField.text("continent", c -> c.place().continent()));
        fields.add(OutputField.text("type", Company::type));
        fields.add(OutputField.text("foundedYear", c -> Integer.toString(c.foundedYear())));
        fields.add(array("businessModel", (out, c) -> out.writeString(c.industry().businessModel())));
        fields.add(flag("isDefunct", Company::defunct));
        fields.add(new OutputField<>("departmentBudgets", "departmentBudgets", "Object", CompanyFields::budgets));
        fields.add(new OutputField<>("employeeCountByDepartment", "employeeCountByDepartment", "Object",
                CompanyFields::departments));
        fields.add(array("engagements", (out, c) -> { }));
        fields.add(array("techAttributes", CompanyFields::technologies));
        fields.add(array("hashtags", (out, c) -> {
            for (Hashtag hashtag : Hashtags.of(c)) {
                DetailFields.hashtag(out, hashtag);
            }
        }));
        fields.add(number("domainRank", "Integer", c -> c.domain().isEmpty() ? 0 : 1_000 + c.trait(9, 4_000_000)));
        return List.copyOf(fields);
    }

    /** The company fields of /enrich/contact; they come back nested, without the prefix. */
    public static List<OutputField<Company>> withinContact() {
        List<OutputField<Company>> fields = new ArrayList<>();
        fields.add(number("companyId", "Long", Company::id));
        fields.add(OutputField.text("companyName", Company::name));
        fields.add(OutputField.text("companyDivision", c -> ""));
        fields.add(array("companyDescriptionList", CompanyFields::description));
        fields.add(OutputField.text("companyPhone", Company::phone));
        fields.add(OutputField.text("companyFax", Company::fax));
        fields.add(OutputField.text("companyStreet", Company::street));
        fields.add(OutputField.text("companyCity", c -> c.place().city()));
        fields.add(OutputField.text("companyState", c -> c.place().state()));
        fields.add(OutputField.text("companyZipCode", Company::zipCode));
        fields.add(OutputField.text("companyCountry", c -> c.place().country()));
        fields.add(OutputField.text("companyContinent", c -> c.place().continent()));
        fields.add(OutputField.text("companyLogo", CompanyFields::logo));
        fields.add(array("companySicCodes", (out, c) -> code(out, c.industry().sic(), c.industry().sicName())));
        fields.add(array("companyNaicsCodes", (out, c) -> code(out, c.industry().naics(), c.industry().naicsName())));
        fields.add(OutputField.text("companyWebsite", Company::website));
        fields.add(OutputField.text("companyRevenue", Formats::revenue));
        fields.add(number("companyRevenueNumeric", "Long", c -> c.revenueThousands() * 1_000));
        fields.add(number("companyEmployeeCount", "Integer", Company::employees));
        fields.add(OutputField.text("companyType", Company::type));
        fields.add(OutputField.text("companyTicker", Company::ticker));
        fields.add(array("companyRanking", CompanyFields::rankings));
        fields.add(array("companySocialMediaUrls", CompanyFields::socialMedia));
        industries(fields, "company");
        fields.add(OutputField.text("companyRevenueRange", Formats::revenueRange));
        fields.add(OutputField.text("companyEmployeeRange", Formats::employeeRange));
        fields.add(new OutputField<>("companyEmployeeGrowth", "companyEmployeeGrowth", "Object", CompanyFields::growth));
        return fields.stream().map(field -> field.as(unprefixed(field.name()))).toList();
    }

    private static String unprefixed(String name) {
        return name.substring(7, 8).toLowerCase(Locale.ROOT) + name.substring(8);
    }

    private static void industries(List<OutputField<Company>> fields, String prefix) {
        boolean bare = prefix.isEmpty();
        fields.add(array(bare ? "primaryIndustry" : prefix + "PrimaryIndustry",
                (out, c) -> out.writeString(c.industry().name())));
        fields.add(OutputField.text(bare ? "primaryIndustryCode" : prefix + "PrimaryIndustryCode", c -> c.industry().id()));
        fields.add(OutputField.text(bare ? "primarySubIndustryCode" : prefix + "PrimarySubIndustryCode",
                c -> c.industry().subId()));
        fields.add(array(bare ? "industries" : prefix + "Industries", (out, c) -> {
            out.writeString(c.industry().name());
            out.writeString(c.industry().subName());
        }));
        fields.add(array(bare ? "industryCodes" : prefix + "IndustryCodes", (out, c) -> {
            Industry industry = c.industry();
            code(out, industry.id(), industry.name());
            code(out, industry.subId(), industry.subName());
        }));
    }

    private interface Number {

        long of(Company company);
    }

    private interface Flag {

        boolean of(Company company);
    }

    /** Zero stands for unknown, which ZoomInfo writes as an empty text. */
    private static OutputField<Company> number(String name, String type, Number value) {
        return new OutputField<>(name, name, type, (out, company) -> {
            long number = value.of(company);
            if (number == 0) {
                out.writeString("");
            } else {
                out.writeNumber(number);
            }
        });
    }

    private static OutputField<Company> flag(String name, Flag value) {
        return new OutputField<>(name, name, "Boolean", (out, company) -> out.writeBoolean(value.of(company)));
    }

    private static OutputField<Company> array(String name, OutputField.Writer<Company> items) {
        return new OutputField<>(name, name, "Array", (out, company) -> {
            out.writeStartArray();
            items.write(out, company);
            out.writeEndArray();
        });
    }

    private static void writeIfAny(JsonGenerator out, String text) throws IOException {
        if (!text.isEmpty()) {
            out.writeString(text);
        }
    }

    private static void code(JsonGenerator out, String id, String name) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", id);
        out.writeStringField("name", name);
        out.writeEndObject();
    }

    private static String logo(Company company) {
        return company.domain().isEmpty() ? "" : "https://res.cloudinary.com/zoominfo-com/image/upload/w_70,h_70,c_fit/"
                + company.domain();
    }

    private static void description(JsonGenerator out, Company company) throws IOException {
        out.writeStartObject();
        out.writeStringField("description", company.description());
        out.writeEndObject();
    }

    private static void rankings(JsonGenerator out, Company company) throws IOException {
        for (String id : company.rankings()) {
            out.writeString(switch (id) {
                case "global500" -> "Global 500";
                case "private500" -> "America's Largest";
                case "russell3000" -> "Russell 3000";
                default -> "Fortune " + id.substring("fortune".length());
            });
        }
    }

    private static void socialMedia(JsonGenerator out, Company company) throws IOException {
        if (company.trait(4, 10) < 7) {
            String handle = Names.company(company.name()).replace(' ', '-');
            String[][] media = {{"LINKED_IN", "http://www.linkedin.com/company/"}, {"TWITTER", "http://www.twitter.com/"}};
            for (String[] one : media) {
                out.writeStartObject();
                out.writeStringField("type", one[0]);
                out.writeStringField("url", one[1] + handle);
                out.writeStringField("followerCount", Integer.toString(company.trait(5, 40_000)));
                out.writeEndObject();
            }
        }
    }

    private static void funding(JsonGenerator out, Company company) throws IOException {
        for (Company.Funding round : company.fundings()) {
            out.writeStartObject();
            out.writeStringField("date", Formats.dateTime(round.date()));
            out.writeStringField("type", round.type());
            out.writeNumberField("amount", round.amountThousands());
            out.writeEndObject();
        }
    }

    private static void growth(JsonGenerator out, Company company) throws IOException {
        out.writeStartObject();
        out.writeStringField("oneYearGrowthRate", String.format(Locale.US, "%.1f", company.growth(1)));
        out.writeStringField("twoYearGrowthRate", String.format(Locale.US, "%.1f", company.growth(2)));
        out.writeArrayFieldStart("employeeGrowthDataPoints");
        for (int quarter = 1; quarter <= 4; quarter++) {
            out.writeStartObject();
            out.writeStringField("label", "'25 - Q" + quarter);
            double share = 1 - company.growth(1) / 100 * (4 - quarter) / 4;
            out.writeNumberField("employeeCount", (long) Math.max(1, company.employees() * share));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void budgets(JsonGenerator out, Company company) throws IOException {
        out.writeStartObject();
        out.writeNumberField("marketingBudget", company.marketingBudgetThousands());
        out.writeNumberField("itBudget", company.itBudgetThousands());
        out.writeNumberField("financialBudget", company.financeBudgetThousands());
        out.writeNumberField("hrBudget", company.hrBudgetThousands());
        out.writeEndObject();
    }

    private static void departments(JsonGenerator out, Company company) throws IOException {
        out.writeStartObject();
        for (int i = 0; i < DEPARTMENTS.size(); i++) {
            out.writeNumberField(DEPARTMENTS.get(i), company.employees() * (2L + company.trait(20 + i, 10)) / 70);
        }
        out.writeEndObject();
    }

    private static void technologies(JsonGenerator out, Company company) throws IOException {
        for (Technology technology : company.technologies()) {
            out.writeStartObject();
            DetailFields.technologyInProfile(out, technology);
            out.writeEndObject();
        }
    }
}
