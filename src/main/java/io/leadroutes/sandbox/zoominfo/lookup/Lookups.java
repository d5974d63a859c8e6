package io.leadroutes.sandbox.zoominfo.lookup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.zoominfo.account.Account;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Family;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.enrich.Enrich;
import io.leadroutes.sandbox.zoominfo.enrich.EnrichCompany;
import io.leadroutes.sandbox.zoominfo.enrich.EnrichContact;
import io.leadroutes.sandbox.zoominfo.profile.CompanyFields;
import io.leadroutes.sandbox.zoominfo.profile.ContactFields;
import io.leadroutes.sandbox.zoominfo.search.Criteria;
import io.leadroutes.sandbox.zoominfo.search.Search;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code GET /lookup/inputfields/…}, {@code /lookup/outputfields/…} and {@code /lookup/usage} (collected facts §7). */
public final class Lookups implements Family {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Search inputs and outputs that the documented samples show as not granted. */
    private static final Set<String> NOT_GRANTED_IN_SEARCH = Set.of("techSkills", "engagementStartDate", "engagementEndDate",
            "engagementType", "managementLevel:output", "school:output");
    private static final List<String> CONTACT_SEARCH_OUTPUT = List.of("id", "firstName", "middleName", "lastName", "validDate",
            "lastUpdatedDate", "jobTitle", "contactAccuracyScore", "hasEmail", "hasSupplementalEmail", "hasDirectPhone",
            "hasMobilePhone", "hasCompanyIndustry", "hasCompanyPhone", "hasCompanyStreet", "hasCompanyState",
            "hasCompanyZipCode", "hasCompanyCountry", "hasCompanyRevenue", "hasCompanyEmployeeCount", "managementLevel",
            "school", "companyId", "companyName", "directPhoneDoNotCall", "mobilePhoneDoNotCall");

    private final ZoomInfoSettings settings;
    private final Enrich enrich;
    private final Account account;

    public Lookups(ZoomInfoSettings settings, Enrich enrich, Account account) {
        this.settings = settings;
        this.enrich = enrich;
        this.account = account;
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.add("GET", "/lookup/*", Tier.STANDARD, Meter.NONE, (call, body) -> lookup(call.path()));
    }

    private Reply lookup(String path) {
        String[] parts = path.split("/");
        if (path.equals("/lookup/usage")) {
            return usage();
        }
        if (parts.length == 5 && parts[2].equals("inputfields")) {
            return inputFields(parts[3], parts[4]);
        }
        if (parts.length == 5 && parts[2].equals("outputfields")) {
            return outputFields(parts[3], parts[4]);
        }
        throw ApiError.notFound();
    }

    /** The inputs of one object and operation. */
    private Reply inputFields(String object, String operation) {
        Map<String, String> types = switch (object + "/" + operation) {
            case "contact/search" -> Criteria.FOR_CONTACT;
            case "company/search" -> Criteria.FOR_COMPANY;
            case "contact/enrich" -> EnrichContact.INPUTS;
            case "company/enrich" -> EnrichCompany.INPUTS;
            default -> throw ApiError.notFound();
        };
        ArrayNode list = JSON.createArrayNode();
        types.forEach((name, type) -> {
            ObjectNode field = list.addObject().put("fieldName", name).put("fieldType", type)
                    .put("description", described(name));
            if (operation.equals("search")) {
                grant(field, !NOT_GRANTED_IN_SEARCH.contains(name));
            }
        });
        return Reply.json(200, list);
    }

    /** The outputs of one object and operation; no type is told, as in ZoomInfo's own answer. */
    private Reply outputFields(String object, String operation) {
        Map<String, Boolean> fields = new LinkedHashMap<>();
        switch (object + "/" + operation) {
            case "contact/search" -> CONTACT_SEARCH_OUTPUT.forEach(name ->
                    fields.put(name, !NOT_GRANTED_IN_SEARCH.contains(name + ":output")));
            case "company/search" -> List.of("id", "name").forEach(name -> fields.put(name, true));
            case "contact/enrich" -> {
                ContactFields.all().forEach(field -> fields.put(field.name(), !enrich.isDisallowed(field.name())));
                CompanyFields.withinContact().forEach(field -> fields.put(field.name(), !enrich.isDisallowed(field.name())));
            }
            case "company/enrich" -> CompanyFields.all().forEach(field ->
                    fields.put(field.name(), !enrich.isDisallowed(field.name())));
            default -> throw ApiError.notFound();
        }
        ArrayNode list = JSON.createArrayNode();
        boolean tellsAccess = !(object + "/" + operation).equals("company/search");
        fields.forEach((name, granted) -> {
            ObjectNode field = list.addObject().put("fieldName", name).put("description", described(name));
            if (tellsAccess) {
                grant(field, granted);
            }
        });
        return Reply.json(200, list);
    }

    private Reply usage() {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode list = root.putArray("usage");
        add(list, "requestLimit", "Maximum number of requests in the contract term", settings.requestLimit.get(),
                account.requests());
        add(list, "recordLimit", "Maximum number of records in the contract term", settings.recordLimit.get(),
                account.records());
        add(list, "uniqueIdLimit", "Maximum number of unique contacts and companies in the contract term",
                settings.uniqueIdLimit.get(), account.credits());
        add(list, "webSightsApiRequestLimit", "Maximum number of WebSights requests in the contract term",
                settings.webSightsRequestLimit.get(), account.webSightsRequests());
        add(list, "webSightsApiRecordLimit", "Maximum number of WebSights records in the contract term",
                settings.webSightsRecordLimit.get(), account.webSightsRecords());
        return Reply.json(200, root);
    }

    private void add(ArrayNode list, String type, String description, long limit, long used) {
        list.addObject().put("limitType", type).put("description", description).put(settings.usageLimitName.get(), limit)
                .put("currentUsage", used).put("usageRemaining", Math.max(0, limit - used));
    }

    private void grant(ObjectNode field, boolean granted) {
        if (settings.accessGranted.get().equals("string")) {
            field.put("accessGranted", Boolean.toString(granted));
        } else {
            field.put("accessGranted", granted);
        }
    }

    private static String described(String name) {
        String words = name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT).strip();
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
