package io.leadroutes.sandbox.zoominfo.enrich;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Site;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.contract.Contract;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code POST /enrich/corporatehierarchy} (collected facts §6.5). */
final class EnrichHierarchy {

    private static final Map<String, String> TYPES =
            EnrichContact.lowerCased(Contract.get().inputTypes("enrich-corporatehierarchy"));
    private static final Set<String> OUTPUTS = Set.of("parentage", "familytree", "companyid");
    private static final int LOCATION = 1;
    private static final int SUBSIDIARY = 3;

    private final World world;
    private final Enrich enrich;

    EnrichHierarchy(World world, Enrich enrich) {
        this.world = world;
        this.enrich = enrich;
    }

    Reply handle(Call call, JsonNode body) {
        List<String> outputFields = enrich.outputFields(body, OUTPUTS);
        List<JsonNode> inputs = enrich.inputs(body, "matchCompanyInput");
        List<Enrich.Match> matches = new ArrayList<>(inputs.size());
        for (JsonNode input : inputs) {
            Map<String, JsonNode> given = Enrich.checked(input, TYPES);
            matches.add(given.isEmpty() ? Enrich.Match.none("INVALID_INPUT") : find(given)
                    .map(company -> new Enrich.Match("FULL_MATCH", Optional.empty(), Optional.of(company)))
                    .orElseGet(() -> Enrich.Match.none("NO_MATCH")));
        }
        List<Enrich.Match> delivered = enrich.charged(matches);
        List<String> ids = new ArrayList<>(delivered.size());
        delivered.forEach(match -> match.company().ifPresent(company -> ids.add(Long.toString(company.id()))));
        call.ids(ids);
        return Reply.json(200, enrich.envelope(outputFields, List.of(), inputs, delivered,
                (out, match) -> write(out, outputFields, match.company().orElseThrow()), call.number()));
    }

    private Optional<Company> find(Map<String, JsonNode> input) {
        Optional<Company> found = input.containsKey("companyid") ? world.companyById(input.get("companyid").asLong())
                : Optional.empty();
        if (found.isEmpty() && input.containsKey("companywebsite")) {
            found = world.companyByDomain(input.get("companywebsite").asText());
        }
        return found.isEmpty() && input.containsKey("companyname")
                ? world.companiesNamed(input.get("companyname").asText()).stream().findFirst() : found;
    }

    private void write(JsonGenerator out, List<String> outputFields, Company company) throws IOException {
        out.writeStartObject();
        for (String field : outputFields) {
            switch (field) {
                case "parentage" -> {
                    out.writeArrayFieldStart("parentage");
                    for (Optional<Company> up = company.parent(); up.isPresent(); up = up.get().parent()) {
                        out.writeStartObject();
                        names(out, up.get().id(), up.get().name(), up.get().place().city(), up.get().place().state());
                        out.writeEndObject();
                    }
                    out.writeEndArray();
                }
                case "familytree" -> {
                    out.writeArrayFieldStart("familyTree");
                    node(out, company.ultimateParent(), false);
                    out.writeEndArray();
                }
                default -> out.writeNumberField("companyId", company.id());
            }
        }
        out.writeEndObject();
    }

    /** A company with its further sites, which have no name, and its subsidiaries with theirs. */
    private void node(JsonGenerator out, Company company, boolean isSubsidiary) throws IOException {
        out.writeStartObject();
        names(out, company.id(), company.name(), company.place().city(), company.place().state());
        if (isSubsidiary) {
            type(out, SUBSIDIARY, "");
        }
        List<Site> sites = world.sitesOf(company);
        List<Company> children = world.childrenOf(company);
        if (sites.size() > 1 || !children.isEmpty()) {
            out.writeArrayFieldStart("familyNodes");
            for (Site site : sites.subList(1, sites.size())) {
                out.writeStartObject();
                names(out, site.id(), "", site.place().city(), site.place().state());
                type(out, LOCATION, "Location");
                out.writeEndObject();
            }
            for (Company child : children) {
                node(out, child, true);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private static void names(JsonGenerator out, long id, String name, String city, String state) throws IOException {
        out.writeNumberField("companyId", id);
        out.writeStringField("name", name);
        out.writeStringField("city", city);
        out.writeStringField("state", state);
    }

    private static void type(JsonGenerator out, int id, String description) throws IOException {
        out.writeObjectFieldStart("subUnitTypeInfo");
        out.writeNumberField("typeId", id);
        out.writeStringField("typeDescription", description);
        out.writeEndObject();
    }
}
