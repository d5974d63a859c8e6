package io.leadroutes.webhook;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.leadroutes.webhook.Delivery.ObjectType;
import io.leadroutes.webhook.WebhookRefusal.Outcome;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the body of a delivery (collected facts of ZoomInfo's API, §8) and refuses what is none. */
final class DeliveryReader {

    /** Records in one delivery, by ZoomInfo's documentation. */
    static final int MOST_RECORDS = 25;
    private static final Pattern ID = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern WEBHOOK_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");
    /** Known ways of telling an opt-out, letters in lower case; none is documented. */
    private static final Set<String> OPT_OUT = Set.of("optout", "optedout", "isoptedout", "isoptout", "hasoptedout");
    private static final Set<String> STATUS = Set.of("matchstatus", "status", "compliancestatus");
    private static final Set<String> IDENTITY_OF_CONTACT = Set.of("id", "firstname", "lastname", "email");
    private static final Set<String> IDENTITY_OF_COMPANY = Set.of("id", "name", "website");
    private static final int LONGEST_NAME = 100;
    private static final JsonMapper JSON = JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private DeliveryReader() {
    }

    /** @throws WebhookRefusal with status 400, naming what is wrong */
    static Delivery read(byte[] body) throws WebhookRefusal {
        JsonNode root = parsed(body);
        JsonNode details = root.path("webhookDetails");
        String webhookId = details.path("id").asText();
        if (!WEBHOOK_ID.matcher(webhookId).matches()) {
            throw refused("webhookDetails.id", "required", "the id of the webhook is required");
        }
        ObjectType type = Arrays.stream(ObjectType.values())
                .filter(each -> each.name().equalsIgnoreCase(details.path("objectType").asText())).findFirst()
                .orElseThrow(() -> refused("webhookDetails.objectType", "enum", "must be Contact or Company"));
        JsonNode data = root.path("data");
        if (!data.isArray()) {
            throw refused("data", "type", "must be a list of records");
        }
        if (data.size() > MOST_RECORDS) {
            throw refused("data", "maxItems", "must hold at most " + MOST_RECORDS + " records, not " + data.size());
        }
        List<ChangedRecord> records = new ArrayList<>(data.size());
        for (int i = 0; i < data.size(); i++) {
            records.add(record(data.get(i), "data[" + i + "]", type));
        }
        return new Delivery(webhookId, type, List.copyOf(records), hash(body));
    }

    private static JsonNode parsed(byte[] body) throws WebhookRefusal {
        try {
            JsonNode root = JSON.readTree(body);
            if (root == null || !root.isObject()) {
                throw refused("body", "type", "must be one JSON object");
            }
            if (noText(root)) {
                throw refused("body", "characters", "must not hold the character NUL or half of a surrogate pair");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw refused("body", "json", "is not JSON that can be read" + Optional.ofNullable(e.getLocation())
                    .map(at -> ": line " + at.getLineNr() + ", column " + at.getColumnNr()).orElse(""));
        } catch (IOException e) {
            throw refused("body", "json", "cannot be read");
        }
    }

    private static ChangedRecord record(JsonNode node, String path, ObjectType type) throws WebhookRefusal {
        if (!node.isObject()) {
            throw refused(path, "type", "must be an object");
        }
        JsonNode id = node.path("id");
        if (!id.isTextual() && !id.isIntegralNumber() || !ID.matcher(id.asText().strip()).matches()) {
            throw refused(path + ".id", "format", "must be a whole number, as a number or as text");
        }
        List<String> changed = changed(node.path("changedAttributes"), path);
        Map<String, Object> profile = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            if (!entry.getKey().equals("changedAttributes")) {
                profile.put(entry.getKey(), JSON.convertValue(entry.getValue(), Object.class));
            }
        });
        if (profile.get("company") instanceof List<?> companies) {
            profile.put("company", companies.isEmpty() ? Map.of() : companies.get(0));
        }
        return new ChangedRecord(id.asText().strip(), changed, profile, optedOut(node, changed),
                complete(node, changed, type));
    }

    private static List<String> changed(JsonNode node, String path) throws WebhookRefusal {
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        Iterable<JsonNode> items = node.isTextual()
                ? Arrays.stream(node.asText().split(",")).map(String::strip).<JsonNode>map(TextNode::valueOf).toList() : node;
        if (!node.isArray() && !node.isTextual()) {
            throw refused(path + ".changedAttributes", "type", "must be a list of names");
        }
        for (JsonNode item : items) {
            if (!item.isTextual() || item.asText().length() > LONGEST_NAME) {
                throw refused(path + ".changedAttributes", "type", "must be a list of names");
            }
            if (!item.asText().isBlank()) {
                names.add(item.asText().strip());
            }
        }
        return names;
    }

    private static boolean optedOut(JsonNode node, List<String> changed) {
        boolean told = false;
        boolean denied = false;
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = letters(entry.getKey());
            String value = entry.getValue().asText();
            if (OPT_OUT.contains(key)) {
                told |= value.equalsIgnoreCase("true") || value.equalsIgnoreCase("yes") || value.equals("1");
                denied |= value.equalsIgnoreCase("false") || value.equalsIgnoreCase("no") || value.equals("0");
            } else if (STATUS.contains(key)) {
                told |= OPT_OUT.contains(letters(value));
            }
        }
        return told || !denied && changed.stream().map(DeliveryReader::letters).anyMatch(OPT_OUT::contains);
    }

    /** With no word about what changed, all has, and more than who it is must be there. */
    private static boolean complete(JsonNode node, List<String> changed, ObjectType type) {
        if (changed.isEmpty()) {
            Set<String> identity = type == ObjectType.CONTACT ? IDENTITY_OF_CONTACT : IDENTITY_OF_COMPANY;
            return node.properties().stream().map(entry -> entry.getKey().toLowerCase(Locale.ROOT))
                    .anyMatch(key -> !identity.contains(key) && !key.equals("changedattributes"));
        }
        JsonNode company = node.path("company").isArray() ? node.path("company").path(0) : node.path("company");
        return changed.stream().allMatch(name -> node.has(name) || type == ObjectType.CONTACT
                && (company.has(name) || name.startsWith("company") && company.has(unprefixed(name))));
    }

    /** {@code companyName} lies as {@code name} in the company of a person. */
    private static String unprefixed(String name) {
        String rest = name.substring("company".length());
        return rest.isEmpty() ? name : rest.substring(0, 1).toLowerCase(Locale.ROOT) + rest.substring(1);
    }

    private static String letters(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    }

    private static boolean noText(JsonNode node) {
        if (node.isTextual()) {
            return noText(node.textValue());
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (noText(entry.getKey())) {
                return true;
            }
        }
        for (JsonNode child : node) {
            if (noText(child)) {
                return true;
            }
        }
        return false;
    }

    /** PostgreSQL keeps no NUL, and UTF-8 no half of a surrogate pair. */
    private static boolean noText(String text) {
        return text.indexOf('\0') >= 0
                || text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** Hex SHA-256. */
    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static WebhookRefusal refused(String field, String rule, String message) {
        return new WebhookRefusal(400, Outcome.INVALID, field, rule, message);
    }
}
