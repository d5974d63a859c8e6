package io.leadroutes.sandbox.salesforce;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An object (Lead, Account, …) with its fields. */
final class ObjectType {

    final String name;
    final String plural;
    final String keyPrefix;
    final boolean changeEvents;
    final List<Field> fields;
    final List<Field> uniqueFields;
    final List<Field> requiredFields;
    final Field id;
    private final Map<String, Field> byName = new HashMap<>();

    ObjectType(String name, String plural, String keyPrefix, boolean changeEvents, List<Field> fields) {
        this.name = name;
        this.plural = plural;
        this.keyPrefix = keyPrefix;
        this.changeEvents = changeEvents;
        this.fields = List.copyOf(fields);
        for (Field field : fields) {
            byName.put(field.name(), field);
            byName.putIfAbsent(field.name().toLowerCase(Locale.ROOT), field);
        }
        this.id = byName.get("Id");
        this.uniqueFields = fields.stream().filter(f -> f.is(Field.Trait.UNIQUE)).toList();
        this.requiredFields = fields.stream().filter(f -> f.is(Field.Trait.REQUIRED)).toList();
    }

    /** Field names are not case-sensitive. */
    Optional<Field> field(String fieldName) {
        Field exact = byName.get(fieldName);
        return exact != null ? Optional.of(exact)
                : Optional.ofNullable(byName.get(fieldName.toLowerCase(Locale.ROOT)));
    }

    /** A field known to exist. */
    Field need(String fieldName) {
        return field(fieldName).orElseThrow(() -> new IllegalArgumentException(name + "." + fieldName));
    }

    /** The reference field behind a relationship name. */
    Optional<Field> relationship(String relationshipName) {
        return fields.stream().filter(f -> f.relationship().equalsIgnoreCase(relationshipName)).findFirst();
    }

    /** The parts of an address, for example of {@code MailingAddress}, in the order of the change event. */
    List<Field> addressParts(Field address) {
        String prefix = address.name().substring(0, address.name().length() - "Address".length());
        List<Field> parts = new ArrayList<>();
        for (String part : List.of("Street", "City", "State", "PostalCode", "Country", "Latitude", "Longitude",
                "GeocodeAccuracy")) {
            field(prefix + part).ifPresent(parts::add);
        }
        return parts;
    }

    @Override
    public String toString() {
        return name;
    }
}
