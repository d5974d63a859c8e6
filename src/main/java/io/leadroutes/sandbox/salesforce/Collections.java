package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** {@code composite/sobjects}: many records in one call, each with its own result. */
final class Collections {

    private static final int MOST = 200;
    private static final int MOST_READ = 2000;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Catalog catalog;
    private final RecordStore store;

    Collections(Catalog catalog, RecordStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    Answer handle(RestRequest request) {
        String method = request.method();
        if (request.size() == 2 && method.equals("POST")) {
            return save(request, false, this::create);
        } else if (request.size() == 2 && method.equals("PATCH")) {
            return save(request, false, new Update()::apply);
        } else if (request.size() == 2 && method.equals("DELETE")) {
            return delete(request);
        } else if (request.size() == 4 && method.equals("PATCH")) {
            ObjectType type = catalog.object(request.segment(2)).orElseThrow(Refusal::notFound);
            Field key = RestApi.key(type, request.segment(3));
            return save(request, true, new Upsert(type, key)::apply);
        } else if (request.size() == 3 && (method.equals("POST") || method.equals("GET"))) {
            return retrieve(request);
        }
        throw Refusal.notFound();
    }

    private interface Saving {
        SaveResult save(Caller caller, ObjectNode record);
    }

    private SaveResult create(Caller caller, ObjectNode record) {
        return store.create(caller, type(record), record);
    }

    private ObjectType type(ObjectNode record) {
        String name = record.path("attributes").path("type").asText();
        return catalog.object(name).orElseThrow(() -> new Refusal(400, "INVALID_TYPE",
                name.isEmpty() ? "Must send attributes with the type of the record"
                        : "sObject type '" + name + "' is not supported."));
    }

    private static ObjectNode without(ObjectNode record, String name) {
        ObjectNode rest = JSON.objectNode();
        record.fields().forEachRemaining(entry -> {
            if (!entry.getKey().equalsIgnoreCase(name)) {
                rest.set(entry.getKey(), entry.getValue());
            }
        });
        return rest;
    }

    private static String text(ObjectNode record, String name) {
        var fields = record.fields();
        while (fields.hasNext()) {
            var entry = fields.next();
            if (entry.getKey().equalsIgnoreCase(name) && !entry.getValue().isNull()) {
                return entry.getValue().asText();
            }
        }
        return "";
    }

    private final class Update {
        private final Set<String> seen = new HashSet<>();

        SaveResult apply(Caller caller, ObjectNode record) {
            ObjectType type = type(record);
            String given = text(record, "id");
            if (given.isEmpty()) {
                throw new Refusal(400, "MISSING_ARGUMENT", "Id not specified in an update call");
            }
            String id = SalesforceId.parse(given).filter(i -> i.startsWith(type.keyPrefix))
                    .orElseThrow(() -> RecordStore.malformed(type, given));
            if (!seen.add(id)) {
                throw new Refusal(400, "DUPLICATE_VALUE", "duplicate id specified: " + id);
            }
            return store.update(caller, type, id, without(record, "id"));
        }
    }

    private final class Upsert {
        private final ObjectType type;
        private final Field key;
        private final Set<String> seen = new HashSet<>();

        Upsert(ObjectType type, Field key) {
            this.type = type;
            this.key = key;
        }

        SaveResult apply(Caller caller, ObjectNode record) {
            if (type(record) != type) {
                throw new Refusal(400, "INVALID_TYPE", "the record is no " + type.name);
            }
            String value = text(record, key.name());
            if (!value.isEmpty() && !seen.add(value.toLowerCase(Locale.ROOT))) {
                throw new Refusal(400, "DUPLICATE_VALUE", "Duplicate external id specified: " + value, key.name());
            }
            return store.upsert(caller, type, key, value, without(record, key.name()));
        }
    }

    private Answer save(RestRequest request, boolean upsert, Saving saving) {
        ArrayNode records = request.list("records");
        checkSize(records.size());
        List<Function<Caller, SaveResult>> work = new ArrayList<>();
        for (JsonNode record : records) {
            work.add(caller -> {
                if (record instanceof ObjectNode object) {
                    return saving.save(caller, object);
                }
                throw Refusal.json("a record is no object");
            });
        }
        return run(request.caller(), request.object().path("allOrNone").asBoolean(false), upsert, work);
    }

    private Answer delete(RestRequest request) {
        String[] ids = request.query().getOrDefault("ids", "").split(",");
        checkSize(ids.length);
        List<Function<Caller, SaveResult>> work = new ArrayList<>();
        for (String given : ids) {
            work.add(caller -> {
                String id = SalesforceId.parse(given.strip()).orElseThrow(() -> new Refusal(400, "MALFORMED_ID",
                        "malformed id " + given));
                ObjectType type = catalog.ofId(id).orElseThrow(() -> new Refusal(400, "INVALID_CROSS_REFERENCE_KEY",
                        "invalid cross reference id"));
                return store.delete(caller, type, id);
            });
        }
        return run(request.caller(), Boolean.parseBoolean(request.query().get("allOrNone")), false, work);
    }

    private static void checkSize(int size) {
        if (size > MOST) {
            throw new Refusal(400, "EXCEEDED_MAX_SIZE_REQUEST",
                    "record limit reached. cannot submit more than " + MOST + " records into this call");
        }
    }

    private Answer run(Caller caller, boolean allOrNone, boolean upsert, List<Function<Caller, SaveResult>> work) {
        List<SaveResult> results = store.inTransaction(() -> {
            int mark = store.mark();
            List<SaveResult> all = new ArrayList<>();
            for (Function<Caller, SaveResult> each : work) {
                try {
                    all.add(each.apply(caller));
                } catch (Refusal refusal) {
                    all.add(SaveResult.refused(refusal));
                }
            }
            if (allOrNone && all.stream().anyMatch(result -> !result.success())) {
                store.rollBackTo(mark);
                all.replaceAll(result -> !result.success() ? result : SaveResult.refused(new Refusal(400,
                        "ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back because not all records were valid"
                                + " and the request was using AllOrNone header")));
            }
            return all;
        });
        ArrayNode answer = JSON.arrayNode();
        results.forEach(result -> answer.add(result.refusal().isPresent() ? failed(result.refusal().get())
                : saved(result, upsert)));
        return Answer.of(200, answer);
    }

    static ObjectNode saved(SaveResult result, boolean upsert) {
        ObjectNode node = JSON.objectNode().put("id", result.id()).put("success", true);
        node.putArray("errors");
        if (upsert) {
            node.put("created", result.created());
        }
        return node;
    }

    private static ObjectNode failed(Refusal refusal) {
        ObjectNode node = JSON.objectNode().put("success", false);
        boolean unknown = refusal.code.equals("NOT_FOUND");
        ObjectNode error = node.putArray("errors").addObject()
                .put("statusCode", unknown ? "INVALID_CROSS_REFERENCE_KEY" : refusal.code)
                .put("message", unknown ? "invalid cross reference id" : refusal.getMessage());
        ArrayNode fields = error.putArray("fields");
        refusal.fields.forEach(fields::add);
        return node;
    }

    private Answer retrieve(RestRequest request) {
        ObjectType type = catalog.object(request.segment(2)).orElseThrow(Refusal::notFound);
        List<String> ids = new ArrayList<>();
        List<String> names = new ArrayList<>();
        if (request.is("POST")) {
            request.list("ids").forEach(id -> ids.add(id.asText()));
            request.list("fields").forEach(name -> names.add(name.asText()));
        } else {
            ids.addAll(List.of(request.query().getOrDefault("ids", "").split("\\s*,\\s*")));
            names.addAll(List.of(request.query().getOrDefault("fields", "").split("\\s*,\\s*")));
        }
        if (ids.size() > MOST_READ) {
            throw new Refusal(400, "EXCEEDED_MAX_SIZE_REQUEST",
                    "record limit reached. cannot retrieve more than " + MOST_READ + " records in this call");
        }
        names.removeIf(String::isBlank);
        if (names.isEmpty()) {
            throw new Refusal(400, "MISSING_ARGUMENT", "fields must be specified");
        }
        List<Field> fields = RestApi.fields(type, names);
        ArrayNode found = JSON.arrayNode();
        for (String given : ids) {
            String id = SalesforceId.parse(given).orElseThrow(() -> RecordStore.malformed(type, given));
            found.add(store.find(type, id).filter(row -> !row.deleted())
                    .<JsonNode>map(row -> RestApi.write(row, fields, request.base())).orElseGet(JSON::nullNode));
        }
        return Answer.of(200, found);
    }
}
