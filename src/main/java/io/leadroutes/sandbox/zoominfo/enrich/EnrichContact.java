package io.leadroutes.sandbox.zoominfo.enrich;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.contract.Contract;
import io.leadroutes.sandbox.zoominfo.profile.CompanyFields;
import io.leadroutes.sandbox.zoominfo.profile.ContactFields;
import io.leadroutes.sandbox.zoominfo.profile.Formats;
import io.leadroutes.sandbox.zoominfo.profile.OutputField;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code POST /enrich/contact}. */
public final class EnrichContact {

    private static final Map<String, String> TYPES = lowerCased(Contract.get().inputTypes("enrich-contact"));
    private static final Set<String> REQUIRED = Set.of("email", "phone", "directphone", "personalemail", "mobilephone");

    private final World world;
    private final ZoomInfoSettings settings;
    private final Enrich enrich;
    private final Map<String, OutputField<Person>> personFields = new LinkedHashMap<>();
    private final Map<String, OutputField<Company>> companyFields = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();

    public EnrichContact(World world, ZoomInfoSettings settings, Enrich enrich) {
        this.world = world;
        this.settings = settings;
        this.enrich = enrich;
        ContactFields.all().forEach(field -> personFields.put(field.name().toLowerCase(Locale.ROOT), field));
        CompanyFields.withinContact().forEach(field -> companyFields.put(field.name().toLowerCase(Locale.ROOT), field));
        known.addAll(personFields.keySet());
        known.addAll(companyFields.keySet());
    }

    public Reply handle(Call call, JsonNode body, BatchFill fill) {
        List<String> outputFields = outputFields(body);
        List<JsonNode> inputs = enrich.inputs(body, "matchPersonInput");
        List<String> required = requiredFields(body);
        List<Enrich.Match> matches = new ArrayList<>(inputs.size());
        for (JsonNode input : inputs) {
            matches.add(match(Enrich.checked(input, TYPES), required));
        }
        List<Enrich.Match> delivered = enrich.charged(matches);
        fill.enriched(inputs.size());
        List<String> ids = new ArrayList<>(delivered.size());
        for (Enrich.Match match : delivered) {
            match.person().ifPresent(person -> ids.add(Long.toString(person.id())));
        }
        call.ids(ids);
        return Reply.json(200, enrich.envelope(outputFields, required, inputs, delivered, writer(outputFields), call.number()));
    }

    /** The output fields that were asked for, checked. */
    public List<String> outputFields(JsonNode body) {
        return enrich.outputFields(body, known);
    }

    /** Throws the documented error if an input has unknown keys or values of the wrong type. */
    public static void check(JsonNode input) {
        Enrich.checked(input, TYPES);
    }

    /** One input against the world; its keys and types are checked first. */
    public Enrich.Match match(JsonNode input, List<String> required) {
        return match(Enrich.checked(input, TYPES), required);
    }

    /** Writes these fields of a match. */
    public Enrich.RecordWriter writer(List<String> outputFields) {
        List<OutputField<Person>> own = new ArrayList<>();
        List<OutputField<Company>> nested = new ArrayList<>();
        for (String name : outputFields) {
            OutputField<Person> field = personFields.get(name);
            if (field != null) {
                own.add(field);
            } else {
                nested.add(companyFields.get(name));
            }
        }
        return (out, match) -> {
            out.writeStartObject();
            writeAll(out, own, match.person());
            if (!nested.isEmpty()) {
                out.writeObjectFieldStart("company");
                writeAll(out, nested, match.company());
                out.writeEndObject();
            }
            out.writeEndObject();
        };
    }

    private static <T> void writeAll(JsonGenerator out, List<OutputField<T>> fields, Optional<T> subject) throws IOException {
        for (OutputField<T> field : fields) {
            out.writeFieldName(field.key());
            if (subject.isPresent()) {
                field.writer().write(out, subject.get());
            } else {
                field.writeNothing(out);
            }
        }
    }

    /** The fields without which a person does not count as matched, checked. */
    public static List<String> requiredFields(JsonNode body) {
        JsonNode node = body.path("requiredFields");
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        List<String> names = Enrich.strings(node, "requiredFields");
        List<String> wrong = names.stream().filter(name -> !REQUIRED.contains(name)).toList();
        if (!wrong.isEmpty()) {
            throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", wrong);
        }
        List<String> asSent = new ArrayList<>();
        node.forEach(each -> asSent.add(each.asText()));
        return asSent;
    }

    private Enrich.Match match(Map<String, JsonNode> input, List<String> required) {
        String fullName = text(input, "fullname", "personfullname");
        if (fullName.isEmpty()) {
            String first = text(input, "firstname", "personfirstname");
            String last = text(input, "lastname", "personlastname");
            fullName = first.isEmpty() || last.isEmpty() ? "" : first + " " + last;
        }
        String email = text(input, "emailaddress", "personemailaddress");
        String hash = text(input, "hashedemail", "personhashedemail");
        String phone = text(input, "phone", "personphone");
        String companyName = text(input, "companyname", "companyname");
        boolean companyGiven = !companyName.isEmpty() || input.containsKey("companyid");
        boolean nameAndCompany = !fullName.isEmpty() && companyGiven;
        if (!input.containsKey("personid") && email.isEmpty() && hash.isEmpty() && phone.isEmpty() && !nameAndCompany) {
            return Enrich.Match.none("INVALID_INPUT");
        }
        Optional<Person> person = Optional.empty();
        if (input.containsKey("personid")) {
            person = world.personById(input.get("personid").asLong());
        }
        if (person.isEmpty() && !email.isEmpty()) {
            person = world.personByEmail(email);
        }
        if (person.isEmpty() && !hash.isEmpty()) {
            person = world.personByHashedEmail(hash);
        }
        if (person.isEmpty() && !phone.isEmpty()) {
            person = byPhone(phone, fullName);
        }
        if (person.isPresent() || !nameAndCompany) {
            return person.map(found -> checked(found, Optional.of(found.company()), "FULL_MATCH", input, required))
                    .orElseGet(() -> Enrich.Match.none("NO_MATCH"));
        }
        return byNameAndCompany(fullName, companyName, input, required);
    }

    private Optional<Person> byPhone(String phone, String fullName) {
        List<Person> found = world.peopleByPhone(phone);
        if (found.size() > 1 && !fullName.isEmpty()) {
            String wanted = Names.plain(fullName);
            found = found.stream().filter(p -> Names.plain(p.fullName()).equals(wanted)).toList();
        }
        return found.stream().findFirst();
    }

    private Enrich.Match byNameAndCompany(String fullName, String companyName, Map<String, JsonNode> input,
            List<String> required) {
        List<Company> companies = input.containsKey("companyid")
                ? world.companyById(input.get("companyid").asLong()).map(List::of).orElse(List.of())
                : world.companiesNamed(companyName);
        String title = Names.plain(text(input, "jobtitle", "personjobtitle"));
        Optional<Person> best = Optional.empty();
        for (Company company : companies) {
            for (Person person : world.peopleNamed(fullName, company)) {
                boolean better = best.isEmpty() || !title.isEmpty() && Names.plain(person.jobTitle()).equals(title)
                        || title.isEmpty() && person.accuracyScore() > best.get().accuracyScore();
                best = better ? Optional.of(person) : best;
            }
        }
        if (best.isPresent()) {
            return checked(best.get(), Optional.of(best.get().company()), "FULL_MATCH", input, required);
        }
        if (settings.partialMatches.get() && !companies.isEmpty() && required.isEmpty()) {
            return new Enrich.Match("COMPANY_ONLY_MATCH", Optional.empty(), Optional.of(companies.get(0)));
        }
        if (settings.partialMatches.get() && companies.isEmpty()) {
            List<Person> namesakes = world.peopleNamed(fullName);
            // With several people of that name there is no telling which one is meant.
            if (namesakes.size() == 1) {
                return checked(namesakes.get(0), Optional.empty(), "CONTACT_ONLY_MATCH", input, required);
            }
        }
        return Enrich.Match.none("NO_MATCH");
    }

    private static Enrich.Match checked(Person person, Optional<Company> company, String status, Map<String, JsonNode> input,
            List<String> required) {
        if (person.optedOut()) {
            return Enrich.Match.none("OPT_OUT");
        }
        for (String field : required) {
            String value = switch (field.toLowerCase(Locale.ROOT)) {
                case "email" -> person.email();
                case "personalemail" -> person.personalEmail();
                case "mobilephone" -> person.mobilePhone();
                case "directphone" -> person.directPhone();
                default -> person.directPhone().isEmpty() ? person.mobilePhone() : person.directPhone();
            };
            if (value.isEmpty()) {
                return Enrich.Match.none("NON_MATCH_BY_REQUIRED_FIELDS");
            }
        }
        if (input.containsKey("lastupdateddateafter")
                && !person.lastUpdated().toLocalDate().isAfter(date(input, "lastupdateddateafter"))) {
            return Enrich.Match.none("NON_MATCH_BY_LAST_UPDATED_DATE");
        }
        if (input.containsKey("validdateafter") && !person.validDate().toLocalDate().isAfter(date(input, "validdateafter"))) {
            return Enrich.Match.none("NON_MATCH_BY_VALID_DATE");
        }
        if (input.containsKey("contactaccuracyscoremin")
                && person.accuracyScore() < input.get("contactaccuracyscoremin").asInt()) {
            return Enrich.Match.none("NON_MATCH_BY_CONTACT_ACCURACY_MIN");
        }
        return new Enrich.Match(status, Optional.of(person), company);
    }

    private static LocalDate date(Map<String, JsonNode> input, String key) {
        return Formats.date(input.get(key).asText());
    }

    private static String text(Map<String, JsonNode> input, String name, String alias) {
        JsonNode node = input.getOrDefault(name, input.get(alias));
        return node == null ? "" : node.asText().strip();
    }

    public static Map<String, String> lowerCased(Map<String, String> types) {
        Map<String, String> result = new HashMap<>();
        types.forEach((name, type) -> result.put(name.toLowerCase(Locale.ROOT), type));
        return Map.copyOf(result);
    }
}
