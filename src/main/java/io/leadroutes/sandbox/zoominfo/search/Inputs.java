package io.leadroutes.sandbox.zoominfo.search;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one operation takes: its criteria with their types, what it sorts by, and how it is paged.
 *
 * @param types  criteria by name; String, Integer, Long, Boolean or Array
 * @param sorts  values of {@code sortBy}; empty where the operation has no order of choice
 * @param size   name of the input for the number of results a page
 * @param usual  results a page where nothing is asked for
 * @param most   most results a page
 */
public record Inputs(Map<String, String> types, Set<String> sorts, String size, int usual, long most) {

    private static final String OF_COMPANY = "companyTicker:a companyDescription:s companyType:s address:s street:s zipCode:s "
            + "state:s country:s continent:s companyId:s companyName:s companyWebsite:s parentId:s ultimateParentId:s "
            + "zipCodeRadiusMiles:s hashTagString:s techAttributeTagList:s subUnitTypes:s primaryIndustriesOnly:b "
            + "industryCodes:s industryKeywords:s sicCodes:s naicsCodes:s revenue:s revenueMin:i revenueMax:i "
            + "employeeRangeMin:s employeeRangeMax:s employeeCount:s companyRanking:s metroRegion:s locationSearchType:s "
            + "fundingAmountMin:i fundingAmountMax:i fundingStartDate:s fundingEndDate:s zoominfoContactsMin:s "
            + "zoominfoContactsMax:s excludedRegions:s companyStructureIncludedSubUnitTypes:s oneYearEmployeeGrowthRateMin:s "
            + "oneYearEmployeeGrowthRateMax:s twoYearEmployeeGrowthRateMin:s twoYearEmployeeGrowthRateMax:s "
            + "engagementStartDate:s engagementEndDate:s engagementType:a";
    private static final String OF_CONTACT = "personId:s emailAddress:s hashedEmail:s fullName:s firstName:s "
            + "middleInitial:s lastName:s jobTitle:s excludeJobTitle:s managementLevel:s excludeManagementLevel:s "
            + "boardMember:s excludePartialProfiles:b executivesOnly:b requiredFields:s contactAccuracyScoreMin:s "
            + "contactAccuracyScoreMax:s jobFunction:s lastUpdatedInMonths:i hasBeenNotified:s companyPastOrPresent:s school:s "
            + "degree:s locationCompanyId:a lastUpdatedDateAfter:s validDateAfter:s phone:a positionStartDateMin:s "
            + "positionStartDateMax:s supplementalEmail:a webReferences:a buyingGroup:a techSkills:a yearsOfExperience:s "
            + "department:s exactJobTitle:s";

    /** {@code POST /search/contact} (collected facts §5.3). */
    public static final Inputs CONTACT = of(table(OF_COMPANY + " " + OF_CONTACT), "contactAccuracyScore", "lastName",
            "companyName", "hierarchy", "sourceCount", "lastMentioned", "relevance");

    /** {@code POST /search/company} (collected facts §5.4). */
    public static final Inputs COMPANY = of(table(OF_COMPANY + " marketingDepartmentBudgetMin:i "
            + "marketingDepartmentBudgetMax:i financeDepartmentBudgetMin:i financeDepartmentBudgetMax:i "
            + "itDepartmentBudgetMin:i itDepartmentBudgetMax:i hrDepartmentBudgetMin:i hrDepartmentBudgetMax:i certified:i "
            + "excludeDefunctCompanies:b businessModel:a"), "name", "employeeCount", "revenue");

    /** {@code POST /search/scoop} (collected facts §5.5). */
    public static final Inputs SCOOP = of(both(table("publishedStartDate:s publishedEndDate:s updatedSinceCreation:b "
                    + "scoopType:s scoopTopic:s department:s scoopId:s description:s certified:i excludeDefunctCompanies:b"),
            without(table(OF_COMPANY), "companyTicker", "engagementStartDate", "engagementEndDate", "engagementType"),
            without(table(OF_CONTACT), "lastUpdatedDateAfter", "validDateAfter", "phone", "positionStartDateMin",
                    "positionStartDateMax", "supplementalEmail", "webReferences", "buyingGroup", "techSkills",
                    "yearsOfExperience", "exactJobTitle")),
            "scoopId", "originalPublishedDate", "description", "url", "urlText");

    /** {@code POST /search/news} (collected facts §5.6). */
    public static final Inputs NEWS = of(table("categories:a url:a pageDateMin:s pageDateMax:s"));

    /** {@code POST /search/intent} (collected facts §5.7). */
    public static final Inputs INTENT = of(both(table("topics:a signalStartDate:s signalEndDate:s signalScoreMin:i "
                    + "signalScoreMax:i audienceStrengthMin:s audienceStrengthMax:s certified:i excludeDefunctCompanies:b"),
            without(table(OF_COMPANY), "companyTicker", "companyId", "companyName", "companyWebsite", "parentId",
                    "ultimateParentId", "engagementStartDate", "engagementEndDate", "engagementType")),
            "signalDate", "companyName", "signalScore", "category", "topic", "audienceStrength");

    /** Paged by rpp: 25 where nothing is asked for, 100 at most. */
    public static Inputs of(Map<String, String> types, String... sorts) {
        return new Inputs(types, Set.of(sorts), "rpp", 25, 100);
    }

    /** The same with pages of another kind. */
    public Inputs paged(String sizeName, int usualSize, long mostSize) {
        return new Inputs(types, sorts, sizeName, usualSize, mostSize);
    }

    /** Names and types, written {@code name:s} with the first letter of the type, parted by spaces. */
    public static Map<String, String> table(String definition) {
        Map<String, String> types = new LinkedHashMap<>();
        for (String entry : definition.split(" ")) {
            String type = switch (entry.charAt(entry.length() - 1)) {
                case 'i' -> "Integer";
                case 'l' -> "Long";
                case 'b' -> "Boolean";
                case 'a' -> "Array";
                default -> "String";
            };
            types.put(entry.substring(0, entry.length() - 2), type);
        }
        return Collections.unmodifiableMap(types);
    }

    /** All entries; of a name that is in several, the first. */
    @SafeVarargs
    private static Map<String, String> both(Map<String, String>... tables) {
        Map<String, String> all = new LinkedHashMap<>();
        List.of(tables).forEach(table -> table.forEach(all::putIfAbsent));
        return Collections.unmodifiableMap(all);
    }

    private static Map<String, String> without(Map<String, String> table, String... names) {
        Map<String, String> rest = new LinkedHashMap<>(table);
        List.of(names).forEach(rest::remove);
        return rest;
    }
}
