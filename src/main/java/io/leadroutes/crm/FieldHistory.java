package io.leadroutes.crm;

import io.leadroutes.lead.LeadJson;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What we last wrote to which field of which record, so that a later edit by somebody else is recognised. Values are
 * kept as digests: enough to tell whether a value is still ours.
 */
@ApplicationScoped
public class FieldHistory {

    private static final int DIGEST_BYTES = 12;
    /** An id of Salesforce is unique by these; the other three only guard against lost case. */
    private static final int ID_LENGTH = 15;

    private final JdbcTemplate jdbc;
    private final Clock clock;

    @Inject
    FieldHistory(DataSource dataSource) {
        this(dataSource, Clock.systemUTC());
    }

    /** With a clock of the caller's. */
    public FieldHistory(DataSource dataSource, Clock clock) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.clock = clock;
    }

    /**
     * A field as we last wrote it.
     *
     * @param salt   id of the record, mixed into the digest
     * @param digest of the value
     * @param date   of the value at ZoomInfo
     * @param at     when it was written
     */
    public record Written(String salt, String digest, Optional<Instant> date, Instant at) {

        /** True when the value is the one that was written. */
        public boolean is(Object value) {
            return digest.equals(digest(salt, value));
        }

        /** Of a value that is being written. */
        public static Written of(String recordId, Object value, Optional<Instant> date, Instant at) {
            String salt = key(recordId);
            return new Written(salt, digest(salt, value), date, at);
        }

        private static String digest(String salt, Object value) {
            try {
                byte[] all = MessageDigest.getInstance("SHA-256")
                        .digest((salt + ":" + FieldValues.normal(value)).getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(all, 0, DIGEST_BYTES);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * A successful write.
     *
     * @param zoominfoId of the person or company whose values they are, if known
     * @param dates      of the values, where ZoomInfo dates them
     */
    public record Write(String object, String recordId, Optional<String> zoominfoId, Map<String, Object> fields,
            Map<String, Instant> dates) {
    }

    /** By record id as given, then field; a record that we never wrote is missing. */
    public Map<String, Map<String, Written>> of(String object, Collection<String> recordIds) {
        if (recordIds.isEmpty()) {
            return Map.of();
        }
        Map<String, Map<String, Written>> byKey = new HashMap<>();
        jdbc.query("select record_id, fields from field_written where object = ? and record_id = any (?)",
                row -> {
                    byKey.put(row.getString(1), fields(row.getString(1), LeadJson.object(row.getString(2))));
                }, object, recordIds.stream().map(FieldHistory::key).toArray(String[]::new));
        Map<String, Map<String, Written>> found = new HashMap<>();
        recordIds.forEach(id -> Optional.ofNullable(byKey.get(key(id))).ifPresent(fields -> found.put(id, fields)));
        return found;
    }

    /** Remembers what was written; of a record named twice the later write counts for fields that both have. */
    public void wrote(Collection<Write> writes) {
        Map<List<String>, Map<String, Object>> byRecord = new LinkedHashMap<>();
        Map<List<String>, String> owners = new HashMap<>();
        String now = clock.instant().toString();
        for (Write write : writes) {
            if (write.fields().isEmpty() || write.recordId().length() < ID_LENGTH) {
                continue;
            }
            List<String> record = List.of(write.object(), key(write.recordId()));
            write.zoominfoId().ifPresent(id -> owners.put(record, id));
            Map<String, Object> fields = byRecord.computeIfAbsent(record, key -> new LinkedHashMap<>());
            write.fields().forEach((field, value) -> {
                Map<String, Object> written = new LinkedHashMap<>();
                written.put("digest", Written.digest(record.get(1), value));
                Optional.ofNullable(write.dates().get(field)).ifPresent(date -> written.put("date", date.toString()));
                written.put("at", now);
                fields.put(field, written);
            });
        }
        if (byRecord.isEmpty()) {
            return;
        }
        // In one order, so that two of these never wait for each other.
        List<List<String>> records = byRecord.keySet().stream()
                .sorted((one, other) -> (one.get(0) + one.get(1)).compareTo(other.get(0) + other.get(1))).toList();
        jdbc.update("""
                insert into field_written (object, record_id, zoominfo_id, fields)
                select object, record_id, zoominfo_id, fields::jsonb
                from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as v (object, record_id, zoominfo_id, fields)
                on conflict (object, record_id) do update
                set fields = field_written.fields || excluded.fields, updated_at = now(),
                    zoominfo_id = coalesce(excluded.zoominfo_id, field_written.zoominfo_id)""",
                records.stream().map(record -> record.get(0)).toArray(String[]::new),
                records.stream().map(record -> record.get(1)).toArray(String[]::new),
                records.stream().map(owners::get).toArray(String[]::new),
                records.stream().map(record -> LeadJson.write(byRecord.get(record))).toArray(String[]::new));
    }

    private static Map<String, Written> fields(String salt, Map<String, Object> stored) {
        Map<String, Written> fields = new HashMap<>();
        stored.forEach((field, value) -> {
            if (value instanceof Map<?, ?> written) {
                fields.put(field, new Written(salt, String.valueOf(written.get("digest")),
                        Optional.ofNullable(written.get("date")).map(date -> Instant.parse(date.toString())),
                        Instant.parse(String.valueOf(written.get("at")))));
            }
        });
        return fields;
    }

    private static String key(String recordId) {
        return recordId.length() > ID_LENGTH ? recordId.substring(0, ID_LENGTH) : recordId;
    }
}
