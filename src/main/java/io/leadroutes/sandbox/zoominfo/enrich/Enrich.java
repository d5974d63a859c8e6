package io.leadroutes.sandbox.zoominfo.enrich;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.Site;
import io.leadroutes.sandbox.zoominfo.account.Account;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Common to the enrich calls: what is asked for is checked, the inputs are matched, the limits are laid over the matches, and the
 * match envelope is written (collected facts §6.1).
 */
public final class Enrich {

    public static final int MOST_INPUTS = 25;

    /** A match of one input; empty subjects where nothing is to be returned, a site where it was found by its address. */
    public record Match(String status, Optional<Person> person, Optional<Company> company, Optional<Site> site) {

        public Match(String status, Optional<Person> person, Optional<Company> company) {
            this(status, person, company, Optional.empty());
        }

        public static Match none(String status) {
            return new Match(status, Optional.empty(), Optional.empty());
        }

        public boolean delivers() {
            return person.isPresent() || company.isPresent();
        }
    }

    private final ZoomInfoSettings settings;
    private final Account account;
    private final JsonFactory json = new JsonFactory();

    public Enrich(ZoomInfoSettings settings, Account account) {
        this.settings = settings;
        this.account = account;
    }

    /** The list under {@code name}, checked for number, or the documented error. */
    public List<JsonNode> inputs(JsonNode body, String name) {
        return inputs(body, name, MOST_INPUTS);
    }

    /** The same for a call that takes another number of inputs. */
    public List<JsonNode> inputs(JsonNode body, String name, int most) {
        JsonNode inputs = body.path(name);
        if (inputs.isMissingNode() || inputs.isArray() && inputs.isEmpty()) {
            throw new ApiError(400, ApiError.INSUFFICIENT);
        }
        if (!inputs.isArray()) {
            throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of(name));
        }
        if (inputs.size() > most) {
            throw new ApiError(settings.tooManyInputsStatus.get().intValue(), ApiError.INVALID_FIELDS);
        }
        List<JsonNode> list = new ArrayList<>(inputs.size());
        inputs.forEach(list::add);
        return list;
    }

    /** The names under {@code outputFields}; those unknown or not allowed fail the whole request. */
    public List<String> outputFields(JsonNode body, Set<String> knownInLowerCase) {
        JsonNode fields = body.path("outputFields");
        if (fields.isMissingNode() || fields.isNull() || fields.isArray() && fields.isEmpty()) {
            throw new ApiError(400, ApiError.NO_OUTPUT_FIELDS);
        }
        List<String> names = strings(fields, "outputFields");
        List<String> refused = new ArrayList<>();
        boolean allKnown = true;
        for (String name : names) {
            if (!knownInLowerCase.contains(name)) {
                refused.add(name);
                allKnown = false;
            } else if (isDisallowed(name)) {
                refused.add(name);
            }
        }
        if (!refused.isEmpty()) {
            if (allKnown && settings.disallowedAnswer.get().equals("403")) {
                throw new ApiError(403, ApiError.FIELDS_NOT_ALLOWED);
            }
            throw new ApiError(400, "OutputFields invalid or disallowed. Please contact your ZoomInfo sales representative.")
                    .naming("invalidOutputFields", refused);
        }
        return names;
    }

    public boolean isDisallowed(String name) {
        for (String disallowed : settings.disallowedFields.get()) {
            if (disallowed.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** A list of strings in lower case. */
    public static List<String> strings(JsonNode node, String name) {
        if (!node.isArray()) {
            throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of(name));
        }
        List<String> values = new ArrayList<>(node.size());
        for (JsonNode item : node) {
            if (!item.isTextual()) {
                throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of(name));
            }
            values.add(item.asText().toLowerCase(Locale.ROOT));
        }
        return values;
    }

    /** Checks the keys and types of one input; returns it with lower-cased keys. */
    public static Map<String, JsonNode> checked(JsonNode input, Map<String, String> typesByLowerCaseName) {
        if (!input.isObject()) {
            throw new ApiError(400, ApiError.INVALID_FIELDS);
        }
        Map<String, JsonNode> values = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        input.properties().forEach(entry -> {
            String name = entry.getKey().toLowerCase(Locale.ROOT);
            String type = typesByLowerCaseName.get(name);
            JsonNode value = entry.getValue();
            boolean fits = type != null && (value.isNull() || (type.equals("String") ? value.isTextual() : isLong(value)));
            if (!fits) {
                wrong.add(entry.getKey());
            } else if (!value.isNull() && !value.asText().isBlank()) {
                values.put(name, value);
            }
        });
        if (!wrong.isEmpty()) {
            throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", wrong);
        }
        return values;
    }

    private static boolean isLong(JsonNode value) {
        return value.isIntegralNumber() || value.isTextual() && value.asText().matches("-?\\d{1,18}|");
    }

    /**
     * Lays the limits over the matches and charges what is delivered. Where nothing of a batch can be delivered for lack of credits
     * or records, the documented error is answered; where a part can, the rest is LIMIT_EXCEEDED.
     */
    public List<Match> charged(List<Match> matches) {
        return charged(matches, true);
    }

    /** The same for work that has been accepted already: what cannot be delivered is LIMIT_EXCEEDED, be it everything. */
    public List<Match> chargedAsFarAsPossible(List<Match> matches) {
        return charged(matches, false);
    }

    private List<Match> charged(List<Match> matches, boolean refuses) {
        boolean enforced = settings.usageEnforced.get();
        long creditsLeft = enforced ? settings.uniqueIdLimit.get() - account.credits() : Long.MAX_VALUE;
        long recordsLeft = enforced ? settings.recordLimit.get() - account.records() : Long.MAX_VALUE;
        Set<Long> persons = new HashSet<>();
        Set<Long> companies = new HashSet<>();
        List<Match> delivered = new ArrayList<>(matches.size());
        boolean creditsRanOut = false;
        boolean recordsRanOut = false;
        int count = 0;
        for (Match match : matches) {
            if (!match.delivers()) {
                delivered.add(match);
                continue;
            }
            long id = match.person().map(Person::id).orElseGet(() -> match.company().orElseThrow().id());
            Set<Long> fresh = match.person().isPresent() ? persons : companies;
            boolean isNew = !fresh.contains(id)
                    && !(match.person().isPresent() ? account.personIsManaged(id) : account.companyIsManaged(id));
            boolean noCredit = isNew && creditsLeft <= 0;
            boolean noRecord = recordsLeft <= 0;
            if (noCredit || noRecord) {
                creditsRanOut |= noCredit;
                recordsRanOut |= noRecord;
                delivered.add(Match.none("LIMIT_EXCEEDED"));
                continue;
            }
            recordsLeft--;
            count++;
            if (isNew) {
                creditsLeft--;
                fresh.add(id);
            }
            delivered.add(match);
        }
        if (refuses && count == 0 && recordsRanOut) {
            throw new ApiError(403, ApiError.RECORDS_USED_UP);
        }
        if (refuses && count == 0 && creditsRanOut) {
            throw new ApiError(400, ApiError.CREDITS_USED_UP);
        }
        persons.forEach(account::chargePerson);
        companies.forEach(account::chargeCompany);
        for (int i = 0; i < count; i++) {
            account.record();
        }
        return delivered;
    }

    /** Writes the record of a match. */
    public interface RecordWriter {

        void write(JsonGenerator out, Match match) throws IOException;
    }

    /** The match envelope; {@code outputFields} is empty for an operation that takes none. */
    public byte[] envelope(List<String> outputFields, List<String> requiredFields, List<JsonNode> inputs, List<Match> matches,
            RecordWriter writer, long callNumber) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512 + inputs.size() * 1_024);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeBooleanField("success", true);
            out.writeObjectFieldStart("data");
            if (!outputFields.isEmpty()) {
                out.writeArrayFieldStart("outputFields");
                out.writeStartArray();
                for (String name : outputFields) {
                    out.writeString(name);
                }
                out.writeEndArray();
                out.writeEndArray();
            }
            if (!requiredFields.isEmpty()) {
                out.writeArrayFieldStart("requiredFields");
                for (String name : requiredFields) {
                    out.writeString(name);
                }
                out.writeEndArray();
            }
            out.writeArrayFieldStart("result");
            for (int i : order(inputs.size(), callNumber)) {
                Match match = matches.get(i);
                out.writeStartObject();
                out.writeFieldName("input");
                echo(out, inputs.get(i));
                out.writeArrayFieldStart("data");
                if (match.delivers()) {
                    writer.write(out, match);
                }
                out.writeEndArray();
                if (settings.matchStatus.get()) {
                    out.writeStringField("matchStatus", match.status());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private List<Integer> order(int size, long callNumber) {
        List<Integer> order = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            order.add(i);
        }
        if (settings.resultOrder.get().equals("reversed")) {
            Collections.reverse(order);
        } else if (settings.resultOrder.get().equals("shuffled")) {
            Collections.shuffle(order, new Random(callNumber));
        }
        return order;
    }

    /** Keys and string values in lower case, however deep; numbers stay numbers. */
    public static void echo(JsonGenerator out, JsonNode value) throws IOException {
        if (value.isTextual()) {
            out.writeString(value.textValue().toLowerCase(Locale.ROOT));
        } else if (value.isObject()) {
            out.writeStartObject();
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                out.writeFieldName(entry.getKey().toLowerCase(Locale.ROOT));
                echo(out, entry.getValue());
            }
            out.writeEndObject();
        } else if (value.isArray()) {
            out.writeStartArray();
            for (JsonNode item : value) {
                echo(out, item);
            }
            out.writeEndArray();
        } else if (value.isIntegralNumber()) {
            out.writeNumber(value.longValue());
        } else if (value.isNumber()) {
            out.writeNumber(value.decimalValue());
        } else if (value.isBoolean()) {
            out.writeBoolean(value.booleanValue());
        } else {
            out.writeNull();
        }
    }
}
