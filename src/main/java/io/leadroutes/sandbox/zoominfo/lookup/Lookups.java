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
import io.leadroutes.sandbox.zoominfo.contract.Contract.Direction;

/** {@code GET /lookup/inputfields/…}, {@code /lookup/outputfields/…} and {@code /lookup/usage} (collected facts §7). */
public final class Lookups implements Family {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ZoomInfoSettings settings;
    private final FieldLookups fields;
    private final Account account;

    public Lookups(ZoomInfoSettings settings, Account account) {
        this.settings = settings;
        this.fields = new FieldLookups(settings);
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
            return fields.list(parts[3], parts[4], Direction.INPUTS);
        }
        if (parts.length == 5 && parts[2].equals("outputfields")) {
            return fields.list(parts[3], parts[4], Direction.OUTPUTS);
        }
        throw ApiError.notFound();
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
}
