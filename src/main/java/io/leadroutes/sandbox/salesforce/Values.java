package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Pattern;

/** Values of fields: from JSON, with Salesforce's checks, and to JSON. */
final class Values {

    /** Salesforce writes its offset without a colon and always three digits of milliseconds. */
    static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'+0000'")
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter READ_DATE_TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXX][XX][X]").parseDefaulting(java.time.temporal.ChronoField.OFFSET_SECONDS, 0)
            .toFormatter();
    private static final Pattern EMAIL = Pattern.compile(
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
                    + "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+");

    private Values() {
    }

    /** Reads and checks a value; null for none. References are checked for form only. */
    static Object read(Field field, JsonNode json) {
        if (json.isNull()) {
            return field.type() == Field.Type.BOOLEAN ? Boolean.FALSE : null;
        }
        return switch (field.type()) {
            case BOOLEAN -> bool(json);
            case INT -> number(field, json).setScale(0, RoundingMode.HALF_UP).longValueExact();
            case DOUBLE, CURRENCY -> number(field, json).setScale(field.scale(), RoundingMode.HALF_UP).doubleValue();
            case DATE -> date(json);
            case DATETIME -> dateTime(json);
            case ID, REFERENCE -> reference(field, json);
            case ADDRESS -> throw new Refusal(400, "INVALID_FIELD_FOR_INSERT_UPDATE",
                    "Unable to create/update fields: " + field.name() + ". Please check the security settings of this"
                            + " field and verify that it is read/write for your profile or permission set.",
                    field.name());
            default -> text(field, json);
        };
    }

    private static Object bool(JsonNode json) {
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        String word = json.asText().toLowerCase(java.util.Locale.ROOT);
        if (json.isTextual() && (word.equals("true") || word.equals("false"))) {
            return word.equals("true");
        }
        throw unreadable("boolean", json);
    }

    private static BigDecimal number(Field field, JsonNode json) {
        BigDecimal number;
        try {
            if (!json.isNumber() && !json.isTextual()) {
                throw unreadable("double", json);
            }
            number = new BigDecimal(json.asText().strip());
        } catch (NumberFormatException e) {
            throw unreadable(field.type() == Field.Type.INT ? "int" : "double", json);
        }
        int whole = number.precision() - number.scale();
        if (number.signum() != 0 && whole > field.digits() - field.scale()) {
            throw new Refusal(400, "NUMBER_OUTSIDE_VALID_RANGE",
                    field.label() + ": value outside of valid range on numeric field: " + json.asText(), field.name());
        }
        return number;
    }

    private static Object date(JsonNode json) {
        try {
            return LocalDate.parse(json.asText());
        } catch (DateTimeParseException e) {
            throw unreadable("date", json);
        }
    }

    private static Object dateTime(JsonNode json) {
        return parseDateTime(json.asText());
    }

    static Instant parseDateTime(String text) {
        try {
            return READ_DATE_TIME.parse(text, OffsetDateTime::from).toInstant();
        } catch (DateTimeParseException e) {
            throw Refusal.json("Cannot deserialize instance of datetime from VALUE_STRING value " + text
                    + " or request may be missing a required field");
        }
    }

    private static Object reference(Field field, JsonNode json) {
        String given = json.asText().strip();
        if (given.isEmpty()) {
            return null;
        }
        return SalesforceId.parse(given).orElseThrow(() -> new Refusal(400, "MALFORMED_ID",
                field.label() + ": id value of incorrect type: " + given, field.name()));
    }

    private static Object text(Field field, JsonNode json) {
        if (!json.isTextual()) {
            throw unreadable("string", json);
        }
        String text = json.textValue().strip();
        if (text.isEmpty()) {
            return null;
        }
        if (text.length() > field.length()) {
            throw new Refusal(400, "STRING_TOO_LONG", field.label() + ": data value too large: " + text
                    + " (max length=" + field.length() + ")", field.name());
        }
        if (field.type() == Field.Type.EMAIL && !EMAIL.matcher(text).matches()) {
            throw new Refusal(400, "INVALID_EMAIL_ADDRESS",
                    field.label() + ": invalid email address: " + text, field.name());
        }
        if (field.type() == Field.Type.PICKLIST && field.is(Field.Trait.RESTRICTED)
                && !field.values().contains(text)) {
            throw new Refusal(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                    field.label() + ": bad value for restricted picklist field: " + text, field.name());
        }
        return text;
    }

    private static Refusal unreadable(String type, JsonNode json) {
        String token = json.isTextual() ? "VALUE_STRING" : json.isObject() ? "START_OBJECT"
                : json.isArray() ? "START_ARRAY" : json.isBoolean() ? json.booleanValue() ? "VALUE_TRUE" : "VALUE_FALSE"
                : json.isIntegralNumber() ? "VALUE_NUMBER_INT" : "VALUE_NUMBER_FLOAT";
        return Refusal.json("Cannot deserialize instance of " + type + " from " + token + " value " + json.asText()
                + " or request may be missing a required field");
    }

    /** A field of a row as JSON; an address is an object of its parts. */
    static JsonNode write(Row row, Field field) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (field.type() == Field.Type.ADDRESS) {
            return address(row, field);
        }
        Object value = row.get(field);
        if (value == null) {
            return json.nullNode();
        } else if (value instanceof Boolean bool) {
            return json.booleanNode(bool);
        } else if (value instanceof Long number) {
            return json.numberNode(number);
        } else if (value instanceof Double number) {
            return json.numberNode(number);
        } else if (value instanceof Instant time) {
            return json.textNode(DATE_TIME.format(time));
        }
        return json.textNode(value.toString());
    }

    private static JsonNode address(Row row, Field field) {
        List<Field> parts = row.type.addressParts(field);
        if (parts.stream().allMatch(part -> row.get(part) == null)) {
            return JsonNodeFactory.instance.nullNode();
        }
        String prefix = field.name().substring(0, field.name().length() - "Address".length());
        ObjectNode address = JsonNodeFactory.instance.objectNode();
        for (Field part : parts) {
            String name = part.name().substring(prefix.length());
            address.set(Character.toLowerCase(name.charAt(0)) + name.substring(1), write(row, part));
        }
        return address;
    }
}
