package io.leadroutes.lead;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.leadroutes.finding.Nearest;
import io.leadroutes.lead.InvalidLeadException.FieldError;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.Variable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads, checks and stores what arrives at {@code POST /api/leads}. */
@ApplicationScoped
@Named("leadIntake")
@Unremovable
public class LeadIntake {

    /** Most leads one request may carry. */
    static final int MOST_LEADS = 1_000;
    private static final int LONGEST_FIELD = 2_000;
    private static final String NO_TEXT = "must not hold the character NUL or half of a surrogate pair";
    private static final int LONGEST_ID = 200;
    private static final Set<String> IDENTITY = Set.of("source", "recordId", "version");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s,;<>\"]{1,64}@[^@\\s,;<>\"]{1,253}\\.[^@\\s,;<>\".]{2,63}");
    private static final Pattern JSON_TYPE = Pattern.compile("(?i)application/([a-z0-9.+-]+\\+)?json\\s*(;.*)?");
    private static final Pattern SOURCE = Pattern.compile("[A-Za-z0-9._-]{1,50}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final LeadInbox inbox;
    private final JdbcTemplate jdbc;

    LeadIntake(LeadInbox inbox, DataSource dataSource) {
        this.inbox = inbox;
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * Refuses what says that it is no JSON; a request that does not say what it is will be read as JSON.
     *
     * @throws InvalidLeadException with status 415
     */
    public void requireJson(@Header("Content-Type") String contentType) throws InvalidLeadException {
        if (contentType != null && !JSON_TYPE.matcher(contentType.strip()).matches()) {
            throw rejected(415, "Content-Type", "json", "must be application/json");
        }
    }

    /**
     * Stores one lead or an array of leads in one transaction.
     *
     * @return {@code eventIds} in the order sent; the ids of the first time when the key or the leads are known
     * @throws InvalidLeadException if a lead is malformed, or the key was used with another body; nothing is stored
     */
    @Transactional(rollbackOn = InvalidLeadException.class)
    public Map<String, Object> accept(@Body byte[] body, @Header("Idempotency-Key") String idempotencyKey,
            @Variable("requestId") String requestId) throws InvalidLeadException {
        List<Lead> leads = read(body == null ? new byte[0] : body);
        List<IncomingLead> incoming = leads.stream()
                .map(lead -> new IncomingLead(lead, requestId, IncomingLead.LIVE)).toList();
        if (idempotencyKey == null || idempotencyKey.isBlank()) {
            return Map.of("eventIds", inbox.accept(incoming));
        }
        if (idempotencyKey.length() > LONGEST_ID) {
            throw rejected(400, "Idempotency-Key", "maxLength", "is longer than " + LONGEST_ID + " characters");
        }
        return Map.of("eventIds", acceptOnce(idempotencyKey, hash(leads), incoming));
    }

    private List<UUID> acceptOnce(String key, String bodyHash, List<IncomingLead> incoming)
            throws InvalidLeadException {
        // The insert takes the key's lock: of two requests with one key the second waits and then finds the row.
        int first = jdbc.update("""
                insert into intake_key (idempotency_key, body_hash, event_ids) values (?, ?, '[]')
                on conflict do nothing""", key, bodyHash);
        if (first == 1) {
            List<UUID> ids = inbox.accept(incoming);
            jdbc.update("update intake_key set event_ids = ?::jsonb where idempotency_key = ?", LeadJson.write(ids),
                    key);
            return ids;
        }
        Map<String, Object> known = jdbc.queryForMap(
                "select body_hash, event_ids from intake_key where idempotency_key = ?", key);
        if (!known.get("body_hash").equals(bodyHash)) {
            throw rejected(422, "Idempotency-Key", "reused",
                    "was used before with another body; send a new key for a new request");
        }
        return LeadJson.array(known.get("event_ids")).stream().map(id -> UUID.fromString(id.toString())).toList();
    }

    /**
     * Reads one lead or an array of leads, whole or not at all.
     *
     * @throws InvalidLeadException naming every field that is wrong
     */
    public static List<Lead> read(byte[] body) throws InvalidLeadException {
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null ? "is not JSON that can be read, or nested too deeply"
                    : "is not JSON: line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
            throw rejected(400, "body", "json", where + "; send one lead as an object, or an array of them");
        } catch (IOException e) {
            throw rejected(400, "body", "json", "cannot be read; send one lead as an object, or an array of them");
        }
        if (root == null || root.isMissingNode() || !(root.isObject() || root.isArray())) {
            throw rejected(400, "body", "type", "must be one lead as an object, or an array of leads");
        }
        List<FieldError> errors = new ArrayList<>();
        List<Lead> leads = new ArrayList<>();
        if (root.isObject()) {
            readLead(root, "", errors, leads);
        } else if (root.isEmpty() || root.size() > MOST_LEADS) {
            throw rejected(root.isEmpty() ? 400 : 413, "body", "size", "must hold 1 to " + MOST_LEADS
                    + " leads, not " + root.size());
        } else {
            for (int i = 0; i < root.size(); i++) {
                readLead(root.get(i), "[" + i + "].", errors, leads);
            }
        }
        if (!errors.isEmpty()) {
            throw new InvalidLeadException(400, errors);
        }
        return leads;
    }

    private static void readLead(JsonNode node, String path, List<FieldError> errors, List<Lead> leads) {
        if (!node.isObject()) {
            errors.add(new FieldError(path.replaceAll("\\.$", ""), "type", "must be an object"));
            return;
        }
        int before = errors.size();
        Map<String, Object> map = new LinkedHashMap<>();
        node.properties().forEach(entry -> readField(entry.getKey(), entry.getValue(), path, errors, map));
        require(map, "source", path, errors);
        require(map, "recordId", path, errors);
        if (map.get("source") instanceof String source && !SOURCE.matcher(source).matches()) {
            errors.add(new FieldError(path + "source", "pattern",
                    "may have letters, digits, dot, dash and underscore, at most 50"));
        }
        if (map.get("email") instanceof String email && !EMAIL.matcher(email.strip()).matches()) {
            errors.add(new FieldError(path + "email", "format", "is not an e-mail address"));
        }
        if (blank(map.get("email")) && (blank(map.get("lastName")) || blank(map.get("company")))) {
            errors.add(new FieldError(path + "email", "required",
                    "an email, or a lastName with a company, is required to know who the lead is"));
        }
        if (errors.size() == before) {
            Lead lead = Lead.fromMap(map);
            leads.add(lead.version().isBlank()
                    ? new Lead(lead.source(), lead.recordId(), hash(List.of(lead)).substring(0, 16), lead.fields(),
                            lead.attributes())
                    : lead);
        }
    }

    private static void readField(String name, JsonNode value, String path, List<FieldError> errors,
            Map<String, Object> map) {
        if (value.isNull()) {
            return;
        }
        if (name.equals("attributes")) {
            if (!value.isObject()) {
                errors.add(new FieldError(path + name, "type", "must be an object"));
            } else if (anyText(value, LeadIntake::isNoText)) {
                errors.add(new FieldError(path + name, "characters", NO_TEXT));
            } else {
                map.put(name, JSON.convertValue(value, Map.class));
            }
        } else if (!IDENTITY.contains(name) && !Lead.FIELDS.contains(name)) {
            errors.add(new FieldError(path + name, "unknown", "is not a field of a lead; "
                    + nearest(name) + "put what is your own into attributes"));
        } else if (!value.isTextual() && !value.isIntegralNumber()) {
            errors.add(new FieldError(path + name, "type", "must be text"));
        } else if (value.asText().length() > (IDENTITY.contains(name) ? LONGEST_ID : LONGEST_FIELD)) {
            errors.add(new FieldError(path + name, "maxLength", "is longer than "
                    + (IDENTITY.contains(name) ? LONGEST_ID : LONGEST_FIELD) + " characters"));
        } else if (isNoText(value.asText())) {
            errors.add(new FieldError(path + name, "characters", NO_TEXT));
        } else {
            map.put(name, value.asText().strip());
        }
    }

    /** PostgreSQL keeps no NUL, and UTF-8 no half of a surrogate pair. */
    private static boolean isNoText(String text) {
        return text.indexOf('\0') >= 0
                || text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static boolean anyText(JsonNode node, Predicate<String> test) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (test.test(entry.getKey())) {
                return true;
            }
        }
        if (node.isTextual()) {
            return test.test(node.textValue());
        }
        for (JsonNode child : node) {
            if (anyText(child, test)) {
                return true;
            }
        }
        return false;
    }

    private static String nearest(String name) {
        return Nearest.of(name, Stream.concat(IDENTITY.stream(), Lead.FIELDS.stream()).toList())
                .map(known -> "did you mean " + known + "? Otherwise ").orElse("");
    }

    private static void require(Map<String, Object> map, String name, String path, List<FieldError> errors) {
        if (blank(map.get(name)) && errors.stream().noneMatch(error -> error.field().equals(path + name))) {
            errors.add(new FieldError(path + name, "required", "is required"));
        }
    }

    private static boolean blank(Object value) {
        return value == null || value.toString().isBlank();
    }

    private static InvalidLeadException rejected(int status, String field, String rule, String message) {
        return new InvalidLeadException(status, List.of(new FieldError(field, rule, message)));
    }

    private static String hash(List<Lead> leads) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            leads.forEach(lead -> digest.update(LeadJson.write(new TreeMap<>(lead.toMap()))
                    .getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
