package io.leadroutes.sandbox.zoominfo.search;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A checked request of a search, or of an enrichment that is paged like one. */
public final class Criteria {

    /** Criteria of /search/contact by name. */
    public static final Map<String, String> FOR_CONTACT = Inputs.CONTACT.types();
    /** Criteria of /search/company by name. */
    public static final Map<String, String> FOR_COMPANY = Inputs.COMPANY.types();

    private static final Set<String> ORDERS = Set.of("asc", "ascending", "desc", "descending");
    /** Longest text of these two. */
    private static final int MOST_CHARACTERS = 500;
    /** Criteria of a few fixed words, which are no lookup's. */
    private static final Map<String, Set<String>> WORDS = Map.of(
            "locationSearchType", Set.of("personorhq", "personandhq", "person", "hq", "personthenhq"),
            "companyPastOrPresent", Set.of("present", "past", "pastandpresent"),
            "hasBeenNotified", Set.of("include", "exclude", "only"),
            "boardMember", Set.of("include", "exclude", "only"),
            "zipCodeRadiusMiles", Set.of("10", "25", "50", "100", "250"),
            "requiredFields", Set.of("email", "phone", "directphone", "personalemail", "mobilephone"),
            "engagementType", Set.of("email", "phone", "online meeting"));

    private final JsonNode body;
    private final int rpp;
    private final int page;

    /** Checks names and types, paging and sorting, or throws the documented error. */
    public Criteria(JsonNode body, Inputs inputs) {
        this.body = body;
        if (!body.isObject()) {
            throw new ApiError(400, ApiError.BAD_JSON);
        }
        Set<String> paging = inputs.sorts().isEmpty() ? Set.of(inputs.size(), "page")
                : Set.of(inputs.size(), "page", "sortBy", "sortOrder");
        List<String> wrong = new ArrayList<>();
        boolean[] anyCriterion = {false};
        body.properties().forEach(entry -> {
            String name = entry.getKey();
            if (!paging.contains(name)) {
                String type = inputs.types().get(name);
                if (type == null || !fits(type, entry.getValue()) || !isInRange(name, entry.getValue())) {
                    wrong.add(name);
                }
                anyCriterion[0] |= !entry.getValue().isNull();
            }
        });
        if (!wrong.isEmpty()) {
            throw invalid(wrong.toArray(String[]::new));
        }
        if (!anyCriterion[0]) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        rpp = whole(body.path(inputs.size()), inputs.usual(), ApiError.RPP_NOT_NUMBER);
        if (rpp > inputs.most()) {
            throw new ApiError(400, ApiError.RPP_TOO_GREAT.replace("100", Long.toString(inputs.most())));
        }
        page = whole(body.path("page"), 1, ApiError.PAGE_NOT_NUMBER);
        if (body.hasNonNull("sortBy") && !inputs.sorts().contains(body.path("sortBy").asText())) {
            throw new ApiError(400, ApiError.BAD_SORT);
        }
        if (body.hasNonNull("sortOrder") && !ORDERS.contains(body.path("sortOrder").asText())) {
            throw invalid("sortOrder");
        }
    }

    /** The documented error for criteria of no use, naming them. */
    public static ApiError invalid(String... names) {
        return new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of(names));
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

    /** Whether a criterion was given. */
    public boolean has(String name) {
        return body.hasNonNull(name);
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
        } else if (node.isValueNode() && !node.isNull()) {
            Arrays.stream(node.asText().split(",")).map(value -> value.strip().toLowerCase(Locale.ROOT))
                    .filter(value -> !value.isEmpty()).forEach(values::add);
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values);
    }

    /** As {@link #list}, for a quick look whether something is among them. */
    public Optional<Set<String>> set(String name) {
        return list(name).map(HashSet::new);
    }

    /** The items of an array as they were sent. */
    public List<String> items(String name) {
        List<String> items = new ArrayList<>();
        body.path(name).forEach(item -> items.add(item.asText()));
        return items;
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
                throw invalid(name);
            }
        });
    }

    /** A day, {@code 6/19/2020} or ISO. */
    public Optional<LocalDate> date(String name) {
        return text(name).map(value -> {
            try {
                return Formats.date(value);
            } catch (ApiError e) {
                throw invalid(name);
            }
        });
    }

    public boolean flag(String name) {
        return flag(name, false);
    }

    public boolean flag(String name, boolean otherwise) {
        return body.path(name).asBoolean(otherwise);
    }

    private static boolean fits(String type, JsonNode value) {
        return value.isNull() || switch (type) {
            case "Integer" -> value.isIntegralNumber();
            case "Long" -> value.isIntegralNumber() || value.isTextual() && value.asText().matches("-?\\d{1,18}|");
            case "Boolean" -> value.isBoolean();
            case "Array" -> value.isArray();
            default -> value.isTextual();
        };
    }

    private static boolean isInRange(String name, JsonNode value) {
        if (name.equals("zipCode") || name.equals("companyId")) {
            return value.asText().length() <= MOST_CHARACTERS;
        }
        if (name.equals("buyingGroup")) {
            return value.size() <= 1;
        }
        Set<String> words = WORDS.get(name);
        if (words == null || value.isNull()) {
            return true;
        }
        List<String> given = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(item -> given.add(item.asText()));
        } else {
            given.addAll(List.of(value.asText().split(",")));
        }
        return given.stream().map(word -> word.strip().toLowerCase(Locale.ROOT))
                .allMatch(word -> word.isEmpty() || words.contains(word));
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
}
