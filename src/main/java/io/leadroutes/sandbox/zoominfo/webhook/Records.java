package io.leadroutes.sandbox.zoominfo.webhook;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.profile.CompanyFields;
import io.leadroutes.sandbox.zoominfo.profile.ContactFields;
import io.leadroutes.sandbox.zoominfo.profile.OutputField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The records of a delivery, and which fields of them a change has changed. */
final class Records {

    static final String CONTACT = "Contact";
    static final String COMPANY = "Company";
    /** What tells of somebody who has opted out; a chosen reading. */
    static final String OPT_OUT = "optOut";
    private static final Set<String> ALWAYS_OF_CONTACT = Set.of("id", "firstName", "lastName", "email");
    private static final Set<String> ALWAYS_OF_COMPANY = Set.of("id", "name", "website");
    /** They change with every change and tell nothing. */
    private static final Set<String> BOOKKEEPING = Set.of("lastUpdatedDate", "validDate", "createdDate", "certificationDate",
            "companyStatusDate");

    private final ZoomInfoSettings settings;
    private final ObjectMapper json = new ObjectMapper();
    private final List<OutputField<Person>> ofContact = new ArrayList<>(ContactFields.all());
    private final List<OutputField<Company>> ofContactsCompany = CompanyFields.withinContact();
    private final List<OutputField<Company>> ofCompany = CompanyFields.all();

    Records(ZoomInfoSettings settings) {
        this.settings = settings;
        // Shown in the documentation's sample of a delivery, though no output field of enrich.
        ofContact.add(OutputField.text("department", person -> person.function().department()));
    }

    /** Every field of a person with its value, to be compared with a later one. */
    Map<String, JsonNode> state(Person person) {
        Map<String, JsonNode> state = new TreeMap<>();
        ofContact.forEach(field -> state.put(field.name(), value(field, person)));
        ofContactsCompany.forEach(field -> state.put(field.name(), value(field, person.company())));
        return state;
    }

    /** Every field of a company with its value, to be compared with a later one. */
    Map<String, JsonNode> state(Company company) {
        Map<String, JsonNode> state = new TreeMap<>();
        ofCompany.forEach(field -> state.put(field.name(), value(field, company)));
        return state;
    }

    /** The names of the fields that differ and may be told, in alphabetical order. */
    List<String> changed(Map<String, JsonNode> before, Map<String, JsonNode> after) {
        return after.entrySet().stream().filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .map(Map.Entry::getKey).filter(name -> !BOOKKEEPING.contains(name) && !isDisallowed(name)).toList();
    }

    /** The record of a person; of somebody who has opted out, never more than who it is. */
    ObjectNode record(Person person, List<String> changed, boolean full) {
        ObjectNode record = json.createObjectNode();
        boolean all = full && !person.optedOut();
        ofContact.stream().filter(field -> ALWAYS_OF_CONTACT.contains(field.name()) || all && !isDisallowed(field.name()))
                .forEach(field -> record.set(field.key(), value(field, person)));
        if (all) {
            ObjectNode company = record.putObject("company");
            ofContactsCompany.stream().filter(field -> !isDisallowed(field.name()))
                    .forEach(field -> company.set(field.key(), value(field, person.company())));
        }
        if (person.optedOut()) {
            record.put(OPT_OUT, true);
        }
        return finished(record, changed);
    }

    ObjectNode record(Company company, List<String> changed, boolean full) {
        ObjectNode record = json.createObjectNode();
        ofCompany.stream().filter(field -> ALWAYS_OF_COMPANY.contains(field.name()) || full && !isDisallowed(field.name()))
                .forEach(field -> record.set(field.key(), value(field, company)));
        return finished(record, changed);
    }

    private ObjectNode finished(ObjectNode record, List<String> changed) {
        if (settings.webhooksIds.get().equals("string")) {
            record.put("id", record.path("id").asText());
        }
        changed.forEach(record.putArray("changedAttributes")::add);
        return record;
    }

    /** The body of a delivery; companies are told in lower case, as in the documentation's sample. */
    ObjectNode body(String webhookId, String title, String objectType, List<ObjectNode> records) {
        ObjectNode body = json.createObjectNode();
        body.putObject("webhookDetails").put("id", webhookId).put("title", title)
                .put("objectType", objectType.equals(COMPANY) ? COMPANY.toLowerCase(Locale.ROOT) : objectType)
                .put("eventType", "Update");
        body.putArray("data").addAll(records);
        return body;
    }

    private boolean isDisallowed(String name) {
        return settings.disallowedFields.get().stream().anyMatch(name::equalsIgnoreCase);
    }

    private <T> JsonNode value(OutputField<T> field, T subject) {
        try (TokenBuffer buffer = new TokenBuffer(json, false)) {
            field.writer().write((JsonGenerator) buffer, subject);
            return json.readTree(buffer.asParser());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
