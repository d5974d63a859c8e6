package io.leadroutes.sandbox.zoominfo.enrich;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.contract.Contract;
import io.leadroutes.sandbox.zoominfo.profile.CompanyFields;
import io.leadroutes.sandbox.zoominfo.profile.OutputField;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code POST /enrich/company}. */
public final class EnrichCompany {

    private static final Map<String, String> TYPES = EnrichContact.lowerCased(Contract.get().inputTypes("enrich-company"));

    private final World world;
    private final Enrich enrich;
    private final Map<String, OutputField<Company>> fields = new LinkedHashMap<>();

    public EnrichCompany(World world, Enrich enrich) {
        this.world = world;
        this.enrich = enrich;
        CompanyFields.all().forEach(field -> fields.put(field.name().toLowerCase(Locale.ROOT), field));
    }

    public Reply handle(Call call, JsonNode body, BatchFill fill) {
        List<String> outputFields = outputFields(body);
        List<JsonNode> inputs = enrich.inputs(body, "matchCompanyInput");
        List<Enrich.Match> matches = new ArrayList<>(inputs.size());
        for (JsonNode input : inputs) {
            matches.add(match(Enrich.checked(input, TYPES)));
        }
        List<Enrich.Match> delivered = enrich.charged(matches);
        fill.enriched(inputs.size());
        List<String> ids = new ArrayList<>(delivered.size());
        delivered.forEach(match -> match.company().ifPresent(company -> ids.add(Long.toString(company.id()))));
        call.ids(ids);
        return Reply.json(200, enrich.envelope(outputFields, List.of(), inputs, delivered,
                writer(outputFields), call.number()));
    }

    /** The output fields that were asked for, checked. */
    public List<String> outputFields(JsonNode body) {
        return enrich.outputFields(body, fields.keySet());
    }

    /** Throws the documented error if an input has unknown keys or values of the wrong type. */
    public static void check(JsonNode input) {
        Enrich.checked(input, TYPES);
    }

    /** One input against the world; its keys and types are checked first. */
    public Enrich.Match match(JsonNode input) {
        return match(Enrich.checked(input, TYPES));
    }

    /** Writes these fields of a match. */
    public Enrich.RecordWriter writer(List<String> outputFields) {
        return (out, match) -> write(out, outputFields, match.company().orElseThrow());
    }

    private void write(JsonGenerator out, List<String> outputFields, Company company) throws IOException {
        out.writeStartObject();
        for (String name : outputFields) {
            OutputField<Company> field = fields.get(name);
            out.writeFieldName(field.key());
            field.writer().write(out, company);
        }
        out.writeEndObject();
    }

    private Enrich.Match match(Map<String, JsonNode> input) {
        if (input.isEmpty() || input.keySet().stream().allMatch(key -> key.equals("companystate")
                || key.equals("companycountry") || key.equals("companycity") || key.equals("companyzipcode"))) {
            return Enrich.Match.none("INVALID_INPUT");
        }
        return find(input).map(company -> new Enrich.Match("FULL_MATCH", Optional.empty(), Optional.of(company)))
                .orElseGet(() -> Enrich.Match.none("NO_MATCH"));
    }

    private Optional<Company> find(Map<String, JsonNode> input) {
        Optional<Company> found = Optional.empty();
        if (input.containsKey("companyid")) {
            found = world.companyById(input.get("companyid").asLong());
        }
        if (found.isEmpty() && input.containsKey("companywebsite")) {
            found = world.companyByDomain(input.get("companywebsite").asText());
        }
        if (found.isEmpty() && input.containsKey("companyphone")) {
            found = world.companyByPhone(input.get("companyphone").asText());
        }
        if (found.isEmpty() && input.containsKey("ipaddress")) {
            found = world.companyByIp(input.get("ipaddress").asText());
        }
        if (found.isEmpty() && input.containsKey("companyname")) {
            found = nearest(world.companiesNamed(input.get("companyname").asText()), input);
        }
        if (found.isEmpty() && input.containsKey("companyticker")) {
            String wanted = input.get("companyticker").asText().toUpperCase(Locale.ROOT);
            found = world.companies().stream().filter(company -> !company.ticker().isEmpty()
                    && (company.ticker().equals(wanted) || company.ticker().endsWith(": " + wanted))).findFirst();
        }
        if (found.isEmpty() && input.containsKey("companystreet")) {
            String street = Names.plain(input.get("companystreet").asText());
            found = nearest(world.companies().stream().filter(company -> Names.plain(company.street()).equals(street)).toList(),
                    input);
        }
        return found;
    }

    /** Of companies of one name the one whose address fits best; the largest where none fits better. */
    private static Optional<Company> nearest(List<Company> companies, Map<String, JsonNode> input) {
        Optional<Company> best = Optional.empty();
        int bestScore = -1;
        for (Company company : companies) {
            int score = fits(input, "companycountry", company.place().country()) * 4
                    + fits(input, "companystate", company.place().state()) * 2
                    + fits(input, "companycity", company.place().city());
            if (score > bestScore) {
                best = Optional.of(company);
                bestScore = score;
            }
        }
        return best;
    }

    private static int fits(Map<String, JsonNode> input, String key, String value) {
        return input.containsKey(key) && Names.plain(input.get(key).asText()).equals(Names.plain(value)) ? 1 : 0;
    }
}
