package io.leadroutes.sandbox.zoominfo.lookup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.contract.Contract;
import io.leadroutes.sandbox.zoominfo.contract.Contract.Direction;
import io.leadroutes.sandbox.zoominfo.contract.Contract.Field;
import java.util.List;
import java.util.Set;

/** {@code GET /lookup/inputfields/…} and {@code /lookup/outputfields/…} (collected facts §7.1), as the contract lists them. */
final class FieldLookups {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of these objects a list is called Array, of all others ArrayList. */
    private static final Set<String> WITH_PLAIN_ARRAYS = Set.of("contact", "company");
    /** The only outputs whose type is told. */
    private static final String WITH_OUTPUT_TYPES = "company-master";

    private final ZoomInfoSettings settings;

    FieldLookups(ZoomInfoSettings settings) {
        this.settings = settings;
    }

    /** @param object as {@code contact}; {@code kind} is {@code search} or {@code enrich}; others are not found */
    Reply list(String object, String kind, Direction direction) {
        Contract contract = Contract.get();
        String operation = contract.operation(object, kind).orElseThrow(ApiError::notFound);
        List<Field> fields = contract.fields(operation, direction);
        if (fields.isEmpty()) {
            throw ApiError.notFound();
        }
        boolean tellsAccess = contract.tellsAccess(operation, direction);
        ArrayNode list = JSON.createArrayNode();
        for (Field field : fields) {
            ObjectNode entry = list.addObject().put("fieldName", field.name());
            String type = field.type().equals("Array") && !WITH_PLAIN_ARRAYS.contains(object) ? "ArrayList" : field.type();
            if (direction == Direction.INPUTS) {
                entry.put("fieldType", type);
            } else if (object.equals(WITH_OUTPUT_TYPES)) {
                entry.put("dataType", type);
            }
            entry.put("description", field.description());
            if (tellsAccess) {
                grant(entry, kind.equals("enrich") ? !isDisallowed(field.name()) : field.granted());
            }
        }
        return Reply.json(200, list);
    }

    /** What enrich refuses is a setting; the grants of the document are its initial value. */
    private boolean isDisallowed(String name) {
        return settings.disallowedFields.get().stream().anyMatch(name::equalsIgnoreCase);
    }

    private void grant(ObjectNode entry, boolean granted) {
        if (settings.accessGranted.get().equals("string")) {
            entry.put("accessGranted", Boolean.toString(granted));
        } else {
            entry.put("accessGranted", granted);
        }
    }
}
