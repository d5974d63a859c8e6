package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The resources below {@code /services/data/vNN.N}, as functions from a request to an answer. */
final class RestApi {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Catalog catalog;
    private final RecordStore store;
    private final QueryEngine engine;
    private final Describe describe;
    private final Composite composite;
    private final Cursors cursors = new Cursors();
    private final LongSupplier batchSize;
    private final Supplier<ObjectNode> limits;

    RestApi(Catalog catalog, RecordStore store, QueryEngine engine, LongSupplier batchSize,
            Supplier<ObjectNode> limits) {
        this.catalog = catalog;
        this.store = store;
        this.engine = engine;
        this.describe = new Describe(catalog);
        this.composite = new Composite(store, this::handle);
        this.batchSize = batchSize;
        this.limits = limits;
    }

    /** Name of the operation for the statistics, without ids and values. */
    static String operation(RestRequest request) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < request.size(); i++) {
            String segment = request.segments().get(i);
            boolean value = request.segment(0).equals("sobjects")
                    && (i == 2 && !segment.equals("describe") && request.size() == 3 || i == 3)
                    || request.segment(0).startsWith("query") && i == 1;
            parts.add(value ? "*" : segment);
        }
        return request.method() + " " + (parts.isEmpty() ? "/" : String.join("/", parts));
    }

    /** Forgets open queries. */
    void reset() {
        cursors.reset();
    }

    /** Answers; a refusal becomes the answer that tells it. */
    Answer handle(RestRequest request) {
        try {
            return switch (request.segment(0)) {
                case "" -> resources(request);
                case "sobjects" -> sobjects(request);
                case "query", "queryAll" -> query(request);
                case "limits" -> only(request, "GET", () -> Answer.of(200, limits.get()));
                case "composite" -> composites(request);
                default -> throw Refusal.notFound();
            };
        } catch (Refusal refusal) {
            return Answer.refused(refusal);
        }
    }

    private static Answer only(RestRequest request, String method, Supplier<Answer> work) {
        if (!request.is(method)) {
            throw new Refusal(405, "METHOD_NOT_ALLOWED", "HTTP Method '" + request.method()
                    + "' not allowed. Allowed are " + method);
        }
        return work.get();
    }

    private Answer resources(RestRequest request) {
        ObjectNode resources = JSON.objectNode();
        for (String name : List.of("sobjects", "query", "queryAll", "limits", "composite")) {
            resources.put(name, request.base() + "/" + name);
        }
        return Answer.of(200, resources);
    }

    private Answer sobjects(RestRequest request) {
        if (request.size() == 1) {
            return only(request, "GET", () -> Answer.of(200, describe.all(request.base())));
        }
        ObjectType type = catalog.object(request.segment(1)).orElseThrow(Refusal::notFound);
        if (request.size() == 2) {
            return request.is("POST") ? created(store.create(request.caller(), type, request.object()))
                    : only(request, "GET", () -> Answer.of(200, describe.basic(type, request.base())));
        }
        if (request.size() == 3 && request.segment(2).equals("describe")) {
            return only(request, "GET", () -> Answer.of(200, describe.full(type, request.base())));
        }
        if (request.size() == 3) {
            return request.is("POST") && request.segment(2).equals("Id")
                    ? created(store.upsert(request.caller(), type, type.id, "", request.object()))
                    : record(request, type, id(type, request.segment(2)));
        }
        if (request.size() == 4) {
            return byKey(request, type);
        }
        throw Refusal.notFound();
    }

    private Answer byKey(RestRequest request, ObjectType type) {
        Field key = key(type, request.segment(2));
        String value = request.segment(3);
        if (request.is("PATCH") || request.is("POST")) {
            ObjectNode given = request.object();
            if (given.has(key.name())) {
                throw new Refusal(400, "INVALID_FIELD",
                        "The " + key.name() + " field should not be specified in the sobject data.", key.name());
            }
            List<String> ids = key.type() == Field.Type.ID ? List.of() : store.byExternalId(type, key, value);
            if (ids.size() > 1) {
                return several(request, type, ids);
            }
            SaveResult result = store.upsert(request.caller(), type, key, value, given);
            return result.refusal().map(Answer::refused).orElseGet(() -> Answer.of(result.created() ? 201 : 200,
                    Collections.saved(result, true)));
        }
        List<String> ids = key.type() == Field.Type.ID ? List.of(id(type, value))
                : store.byExternalId(type, key, value);
        if (ids.size() > 1) {
            return several(request, type, ids);
        }
        if (ids.isEmpty()) {
            throw Refusal.notFound();
        }
        return record(request, type, ids.get(0));
    }

    private static Answer several(RestRequest request, ObjectType type, List<String> ids) {
        ArrayNode links = JSON.arrayNode();
        ids.forEach(id -> links.add(request.base() + "/sobjects/" + type.name + "/" + id));
        return Answer.of(300, links);
    }

    /** The field that records may be addressed by: the id or an external id. */
    static Field key(ObjectType type, String name) {
        return type.field(name).filter(f -> f.type() == Field.Type.ID || f.is(Field.Trait.EXTERNAL_ID))
                .orElseThrow(() -> new Refusal(404, "NOT_FOUND",
                        "Provided external ID field does not exist or is not accessible: " + name));
    }

    private static String id(ObjectType type, String text) {
        return SalesforceId.parse(text).filter(id -> id.startsWith(type.keyPrefix)).orElseThrow(() -> new Refusal(404,
                "NOT_FOUND", "Provided external ID field does not exist or is not accessible: " + text));
    }

    private Answer record(RestRequest request, ObjectType type, String id) {
        return switch (request.method()) {
            case "GET" -> {
                Row row = store.find(type, id).orElseThrow(Refusal::notFound);
                if (row.deleted()) {
                    throw new Refusal(404, "ENTITY_IS_DELETED", "entity is deleted");
                }
                String names = request.query().getOrDefault("fields", "");
                yield Answer.of(200, write(row, fields(type, names.isBlank() ? List.of()
                        : List.of(names.split("\\s*,\\s*"))), request.base()));
            }
            case "PATCH" -> {
                if (request.object().has("Id") || request.object().has("id")) {
                    throw new Refusal(400, "INVALID_FIELD",
                            "The Id field should not be specified in the sobject data.");
                }
                yield noContent(store.update(request.caller(), type, id, request.object()));
            }
            case "DELETE" -> noContent(store.delete(request.caller(), type, id));
            default -> throw new Refusal(405, "METHOD_NOT_ALLOWED", "HTTP Method '" + request.method()
                    + "' not allowed. Allowed are HEAD,GET,PATCH,DELETE");
        };
    }

    /** The named fields; all fields for no name. */
    static List<Field> fields(ObjectType type, List<String> names) {
        if (names.isEmpty()) {
            return type.fields;
        }
        List<Field> fields = new ArrayList<>();
        for (String name : names) {
            fields.add(type.field(name).orElseThrow(() -> new Refusal(400, "INVALID_FIELD",
                    "No such column '" + name + "' on entity '" + type.name + "'.")));
        }
        if (!fields.contains(type.id)) {
            fields.add(type.id);
        }
        return fields;
    }

    static ObjectNode write(Row row, List<Field> fields, String base) {
        ObjectNode node = JSON.objectNode();
        QueryEngine.attributes(node, row, base);
        for (Field field : fields) {
            node.set(field.name(), Values.write(row, field));
        }
        return node;
    }

    private static Answer created(SaveResult result) {
        return result.refusal().map(Answer::refused)
                .orElseGet(() -> Answer.of(201, Collections.saved(result, false)));
    }

    private static Answer noContent(SaveResult result) {
        return result.refusal().map(Answer::refused).orElseGet(() -> Answer.empty(204));
    }

    private Answer query(RestRequest request) {
        boolean deletedToo = request.segment(0).equals("queryAll");
        if (request.size() == 2) {
            return only(request, "GET", () -> Answer.of(200, cursors.next(request.segment(1), request.base())));
        }
        String text = Optional.ofNullable(request.query().get("q")).filter(q -> !q.isBlank())
                .orElseThrow(() -> Refusal.query("A query string has to be specified"));
        QueryEngine.Found found = engine.run(text, deletedToo);
        int size = (int) batchSize.getAsLong();
        String asked = request.options().getOrDefault("sforce-query-options", "").toLowerCase(Locale.ROOT)
                .replace(" ", "");
        if (asked.matches("batchsize=\\d{1,4}")) {
            size = Math.max(200, Math.min(2000, Integer.parseInt(asked.substring(10))));
        }
        int pageSize = size;
        return only(request, "GET", () -> Answer.of(200, cursors.first(found, pageSize, request.base())));
    }

    private Answer composites(RestRequest request) {
        return switch (request.segment(1)) {
            case "" -> only(request, "POST", () -> composite.composite(request));
            case "batch" -> only(request, "POST", () -> composite.batch(request));
            case "sobjects" -> new Collections(catalog, store).handle(request);
            default -> throw Refusal.notFound();
        };
    }
}
