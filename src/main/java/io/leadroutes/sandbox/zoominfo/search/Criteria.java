package io.leadroutes.sandbox.zoominfo.search;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The documented search criteria with their types (collected facts §5.2 to §5.4), and a checked request. */
public final class Criteria {

    private static final String COMPANY = "companyTicker:a companyDescription:s companyType:s address:s street:s zipCode:s "
            + "state:s country:s continent:s companyId:s companyName:s companyWebsite:s parentId:s ultimateParentId:s "
            + "zipCodeRadiusMiles:s hashTagString:s techAttributeTagList:s subUnitTypes:s primaryIndustriesOnly:b "
            + "industryCodes:s industryKeywords:s sicCodes:s naicsCodes:s revenue:s revenueMin:i revenueMax:i "
            + "employeeRangeMin:s employeeRangeMax:s employeeCount:s companyRanking:s metroRegion:s locationSearchType:s "
            + "fundingAmountMin:i fundingAmountMax:i fundingStartDate:s fundingEndDate:s zoominfoContactsMin:s "
            + "zoominfoContactsMax:s excludedRegions:s companyStructureIncludedSubUnitTypes:s oneYearEmployeeGrowthRateMin:s "
            + "oneYearEmployeeGrowthRateMax:s twoYearEmployeeGrowthRateMin:s twoYearEmployeeGrowthRateMax:s "
            + "engagementStartDate:s engagementEndDate:s engagementType:a";
    private static final String CONTACT_ONLY = " personId:s emailAddress:s hashedEmail:s fullName:s firstName:s "
            + "middleInitial:s lastName:s jobTitle:s excludeJobTitle:s managementLevel:s excludeManagementLevel:s "
            + "boardMember:s excludePartialProfiles:b executivesOnly:b requiredFields:s contactAccuracyScoreMin:s "
            + "contactAccuracyScoreMax:s jobFunction:s lastUpdatedInMonths:i hasBeenNotified:s companyPastOrPresent:s school:s "
            + "degree:s locationCompanyId:a lastUpdatedDateAfter:s validDateAfter:s phone:a positionStartDateMin:s "
            + "positionStartDateMax:s supplementalEmail:a webReferences:a buyingGroup:a techSkills:a yearsOfExperience:s "
            + "department:s exactJobTitle:s";
    private static final String COMPANY_ONLY = " marketingDepartmentBudgetMin:i marketingDepartmentBudgetMax:i "
            + "financeDepartmentBudgetMin:i financeDepartmentBudgetMax:i itDepartmentBudgetMin:i itDepartmentBudgetMax:i "
            + "hrDepartmentBudgetMin:i hrDepartmentBudgetMax:i certified:i excludeDefunctCompanies:b businessModel:a";
    private static final Set<String> PAGING = Set.of("rpp", "page", "sortBy", "sortOrder");
    private static final Set<String> ORDERS = Set.of("asc", "ascending", "desc", "descending");

    /** Criteria of /search/contact by name. */
    public static final Map<String, String> FOR_CONTACT = table(COMPANY + CONTACT_ONLY);
    /** Criteria of /search/company by name. */
    public static final Map<String, String> FOR_COMPANY = table(COMPANY + COMPANY_ONLY);

    private final JsonNode body;
    private final int rpp;
    private final int page;

    /** Checks names and types against {@code known}, paging and sorting, or throws the documented error. */
    public Criteria(JsonNode body, Map<String, String> known, Set<String> sortable) {
        this.body = body;
        if (!body.isObject()) {
            throw new ApiError(400, ApiError.BAD_JSON);
        }
        List<String> wrong = new ArrayList<>();
        boolean[] anyCriterion = {false};
        body.properties().forEach(entry -> {
            if (!PAGING.contains(entry.getKey())) {
                String type = known.get(entry.getKey());
                if (type == null || !fits(type, entry.getValue())) {
                    wrong.add(entry.getKey());
                }
                anyCriterion[0] |= !entry.getValue().isNull();
            }
        });
        if (!wrong.isEmpty()) {
            throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", wrong);
        }
        if (!anyCriterion[0]) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        rpp = whole(body.path("rpp"), 25, ApiError.RPP_NOT_NUMBER);
        if (rpp > 100) {
            throw new ApiError(400, ApiError.RPP_TOO_GREAT);
        }
        page = whole(body.path("page"), 1, ApiError.PAGE_NOT_NUMBER);
        if (body.hasNonNull("sortBy") && !sortable.contains(body.path("sortBy").asText())) {
            throw new ApiError(400, ApiError.BAD_SORT);
        }
        if (body.hasNonNull("sortOrder") && !ORDERS.contains(body.path("sortOrder").asText())) {
            throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of("sortOrder"));
        }
    }

    public int rpp() {
        return rpp;
    }

    public int page() {
        return page;
    }

    /** What to sort by; empty for the natural order. */
    public String sortBy() {
        return body.path("sortBy").asText("");
    }

    public boolean ascending() {
        return body.path("sortOrder").asText("descending").startsWith("asc");
    }

    /** A text criterion; empty if it was not given. */
    public Optional<String> text(String name) {
        return Optional.of(body.path(name)).filter(JsonNode::isTextual).map(node -> node.asText().strip())
                .filter(text -> !text.isEmpty());
    }

    /** Comma-separated values, or the items of an array, in lower case. */
    public Optional<List<String>> list(String name) {
        JsonNode node = body.path(name);
        List<String> values = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(item -> values.add(item.asText().strip().toLowerCase(Locale.ROOT)));
        } else if (node.isTextual()) {
            Arrays.stream(node.asText().split(",")).map(value -> value.strip().toLowerCase(Locale.ROOT))
                    .filter(value -> !value.isEmpty()).forEach(values::add);
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values);
    }

    /** A number, also one that travels as text. */
    public Optional<Double> number(String name) {
        JsonNode node = body.path(name);
        if (node.isNumber()) {
            return Optional.of(node.asDouble());
        }
        return text(name).map(value -> {
            try {
                return Double.valueOf(value);
            } catch (NumberFormatException e) {
                throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of(name));
            }
        });
    }

    public boolean flag(String name) {
        return body.path(name).asBoolean(false);
    }

    private static boolean fits(String type, JsonNode value) {
        return value.isNull() || switch (type) {
            case "Integer" -> value.isIntegralNumber();
            case "Boolean" -> value.isBoolean();
            case "Array" -> value.isArray();
            default -> value.isTextual();
        };
    }

    private static int whole(JsonNode node, int otherwise, String error) {
        if (node.isMissingNode() || node.isNull()) {
            return otherwise;
        }
        if (node.isIntegralNumber() && node.canConvertToInt() && node.asInt() > 0) {
            return node.asInt();
        }
        if (node.isTextual() && node.asText().matches("[1-9]\\d{0,8}")) {
            return Integer.parseInt(node.asText());
        }
        throw new ApiError(400, error);
    }

    private static Map<String, String> table(String definition) {
        Map<String, String> types = new LinkedHashMap<>();
        for (String entry : definition.split(" ")) {
            String type = switch (entry.charAt(entry.length() - 1)) {
                case 'i' -> "Integer";
                case 'b' -> "Boolean";
                case 'a' -> "Array";
                default -> "String";
            };
            types.put(entry.substring(0, entry.length() - 2), type);
        }
        return Collections.unmodifiableMap(types);
    }
}
