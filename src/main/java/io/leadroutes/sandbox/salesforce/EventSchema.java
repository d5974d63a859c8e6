package io.leadroutes.sandbox.salesforce;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * The Avro schema of an object's change events, and their encoding: the header, then every field as a nullable union,
 * names and addresses as records of their parts (Salesforce, "Change Data Capture Developer Guide").
 */
final class EventSchema {

    /** A field of the event: one field of the object, or several that form a name or an address. */
    private record Entry(String name, List<Field> fields, List<String> partNames, Schema compound) {

        boolean isCompound() {
            return !partNames.isEmpty();
        }
    }

    private static final String NAMESPACE = "com.sforce.eventbus";

    final ObjectType type;
    final Schema schema;
    final String json;
    /** Fingerprint of the schema, as opaque as Salesforce's. */
    final String id;
    private final Schema headerSchema;
    private final List<Entry> entries = new ArrayList<>();
    private final GenericDatumWriter<GenericRecord> writer;

    EventSchema(ObjectType type) {
        this.type = type;
        this.headerSchema = header();
        List<Schema.Field> fields = new ArrayList<>();
        fields.add(new Schema.Field("ChangeEventHeader", headerSchema));
        collectEntries();
        for (Entry entry : entries) {
            fields.add(new Schema.Field(entry.name(), fieldSchema(entry), null, Schema.Field.NULL_DEFAULT_VALUE));
        }
        this.schema = Schema.createRecord(type.name + "ChangeEvent", null, NAMESPACE, false, fields);
        this.json = schema.toString();
        this.id = fingerprint(json);
        this.writer = new GenericDatumWriter<>(schema);
    }

    private static Schema header() {
        return SchemaBuilder.record("ChangeEventHeader").namespace(NAMESPACE).fields()
                .requiredString("entityName")
                .name("recordIds").type().array().items().stringType().noDefault()
                .name("changeType").type().enumeration("ChangeType").symbols("CREATE", "UPDATE", "DELETE", "UNDELETE",
                        "GAP_CREATE", "GAP_UPDATE", "GAP_DELETE", "GAP_UNDELETE", "GAP_OVERFLOW", "SNAPSHOT")
                .noDefault()
                .requiredString("changeOrigin")
                .requiredString("transactionKey")
                .requiredInt("sequenceNumber")
                .requiredLong("commitTimestamp")
                .requiredLong("commitNumber")
                .requiredString("commitUser")
                .name("nulledFields").type().array().items().stringType().noDefault()
                .name("diffFields").type().array().items().stringType().noDefault()
                .name("changedFields").type().array().items().stringType().noDefault()
                .endRecord();
    }

    private void collectEntries() {
        List<String> inside = new ArrayList<>(List.of("Salutation", "FirstName", "LastName"));
        for (Field field : type.fields) {
            if (field.type() == Field.Type.ADDRESS) {
                type.addressParts(field).forEach(part -> inside.add(part.name()));
            }
        }
        for (Field field : type.fields) {
            if (field.name().equals("Name") && type.field("LastName").isPresent()) {
                entries.add(compound(field.name(), "PersonName", inside.subList(0, 3), ""));
            } else if (field.type() == Field.Type.ADDRESS) {
                String prefix = field.name().substring(0, field.name().length() - "Address".length());
                entries.add(compound(field.name(), "Address",
                        type.addressParts(field).stream().map(Field::name).toList(), prefix));
            } else if (!field.is(Field.Trait.SILENT) && !inside.contains(field.name())) {
                entries.add(new Entry(field.name(), List.of(field), List.of(), null));
            }
        }
    }

    private Entry compound(String name, String recordName, List<String> fieldNames, String prefix) {
        List<Field> fields = fieldNames.stream().map(type::need).toList();
        List<String> partNames = fieldNames.stream().map(part -> part.substring(prefix.length())).toList();
        List<Schema.Field> parts = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            parts.add(new Schema.Field(partNames.get(i), nullable(scalar(fields.get(i))), null,
                    Schema.Field.NULL_DEFAULT_VALUE));
        }
        return new Entry(name, fields, partNames, Schema.createRecord(recordName, null, NAMESPACE, false, parts));
    }

    private Schema fieldSchema(Entry entry) {
        if (entry.isCompound()) {
            return nullable(entry.compound());
        }
        if (type.name.equals("Account") && entry.name().equals("Name")) {
            Schema person = SchemaBuilder.record("Switchable_PersonName").namespace(NAMESPACE).fields()
                    .optionalString("Salutation").optionalString("FirstName").optionalString("LastName").endRecord();
            return Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING), person);
        }
        return nullable(scalar(entry.fields().get(0)));
    }

    private static Schema nullable(Schema schema) {
        return Schema.createUnion(Schema.create(Schema.Type.NULL), schema);
    }

    private static Schema scalar(Field field) {
        return Schema.create(switch (field.type()) {
            case BOOLEAN -> Schema.Type.BOOLEAN;
            case INT -> Schema.Type.INT;
            case DOUBLE, CURRENCY -> Schema.Type.DOUBLE;
            case DATE, DATETIME -> Schema.Type.LONG;
            default -> Schema.Type.STRING;
        });
    }

    /** The kind of a change, as the header names it. */
    static String changeType(RecordStore.Change change) {
        return change.before() == null ? "CREATE" : change.after() == null ? "DELETE" : "UPDATE";
    }

    /** Encodes one event for records that all changed in the same way. */
    byte[] encode(RecordStore.Change change, List<String> recordIds, String transactionKey, int sequenceNumber,
            Instant at, long commitNumber) {
        GenericRecord event = new GenericData.Record(schema);
        Bitmaps changed = new Bitmaps();
        Bitmaps nulled = new Bitmaps();
        boolean update = change.before() != null && change.after() != null;
        for (int i = 0; i < entries.size() && change.after() != null; i++) {
            Entry entry = entries.get(i);
            GenericRecord compound = null;
            for (int part = 0; part < entry.fields().size(); part++) {
                Field field = entry.fields().get(part);
                Object now = change.after().get(field);
                boolean differs = !update || field.name().equals("LastModifiedDate")
                        || !Objects.equals(now, change.before().get(field));
                if (!differs) {
                    continue;
                }
                int at1 = entry.isCompound() ? part : -1;
                if (update) {
                    changed.set(i + 1, at1);
                    if (now == null) {
                        nulled.set(i + 1, at1);
                    }
                }
                if (now != null && !entry.isCompound()) {
                    event.put(i + 1, avro(now));
                } else if (now != null) {
                    compound = compound == null ? new GenericData.Record(entry.compound()) : compound;
                    compound.put(part, avro(now));
                }
            }
            if (compound != null) {
                event.put(i + 1, compound);
            }
        }
        GenericRecord header = new GenericData.Record(headerSchema);
        header.put("entityName", type.name);
        header.put("recordIds", recordIds);
        header.put("changeType", new GenericData.EnumSymbol(headerSchema.getField("changeType").schema(),
                changeType(change)));
        header.put("changeOrigin", change.caller().origin());
        header.put("transactionKey", transactionKey);
        header.put("sequenceNumber", sequenceNumber);
        header.put("commitTimestamp", at.toEpochMilli());
        header.put("commitNumber", commitNumber);
        header.put("commitUser", change.caller().userId());
        header.put("nulledFields", nulled.toHex());
        header.put("diffFields", List.of());
        header.put("changedFields", changed.toHex());
        event.put(0, header);
        return bytes(event);
    }

    private byte[] bytes(GenericRecord event) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(512);
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            writer.write(event, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object avro(Object value) {
        if (value instanceof Instant time) {
            return time.toEpochMilli();
        } else if (value instanceof LocalDate date) {
            return date.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
        } else if (value instanceof Long number) {
            return number.intValue();
        }
        return value;
    }

    private static String fingerprint(String json) {
        try {
            byte[] hash = MessageDigest.getInstance("MD5").digest(json.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Field lists as the header carries them: one hexadecimal number whose lowest bit is the schema's first field, and
     * for each compound field {@code position-number} for its parts.
     */
    private static final class Bitmaps {

        private final BitSet top = new BitSet();
        private final List<Integer> parents = new ArrayList<>();
        private final List<BitSet> nested = new ArrayList<>();

        void set(int position, int part) {
            if (part < 0) {
                top.set(position);
                return;
            }
            int known = parents.indexOf(position);
            if (known < 0) {
                known = parents.size();
                parents.add(position);
                nested.add(new BitSet());
            }
            nested.get(known).set(part);
        }

        List<String> toHex() {
            List<String> all = new ArrayList<>();
            if (!top.isEmpty()) {
                all.add(hex(top));
            }
            for (int i = 0; i < parents.size(); i++) {
                all.add(parents.get(i) + "-" + hex(nested.get(i)));
            }
            return all;
        }

        private static String hex(BitSet bits) {
            byte[] little = bits.toByteArray();
            byte[] big = new byte[little.length];
            for (int i = 0; i < little.length; i++) {
                big[i] = little[little.length - 1 - i];
            }
            return "0x" + String.format("%0" + 2 * big.length + "X", new BigInteger(1, big));
        }
    }
}
