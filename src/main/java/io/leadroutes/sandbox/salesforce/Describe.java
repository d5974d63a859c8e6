package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The describe resources. */
final class Describe {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Catalog catalog;

    Describe(Catalog catalog) {
        this.catalog = catalog;
    }

    ObjectNode all(String base) {
        ObjectNode all = JSON.objectNode().put("encoding", "UTF-8").put("maxBatchSize", 200);
        ArrayNode objects = all.putArray("sobjects");
        catalog.objects().forEach(type -> objects.add(summary(type, base)));
        return all;
    }

    ObjectNode basic(ObjectType type, String base) {
        ObjectNode basic = JSON.objectNode();
        basic.set("objectDescribe", summary(type, base));
        basic.putArray("recentItems");
        return basic;
    }

    ObjectNode full(ObjectType type, String base) {
        ObjectNode full = summary(type, base);
        ArrayNode fields = full.putArray("fields");
        type.fields.forEach(field -> fields.add(field(field)));
        full.putArray("childRelationships");
        full.putArray("recordTypeInfos");
        return full;
    }

    private static ObjectNode summary(ObjectType type, String base) {
        String path = base + "/sobjects/" + type.name;
        ObjectNode node = JSON.objectNode().put("name", type.name).put("label", type.name)
                .put("labelPlural", type.plural).put("keyPrefix", type.keyPrefix).put("custom", false)
                .put("createable", true).put("updateable", true).put("deletable", true).put("queryable", true)
                .put("retrieveable", true).put("searchable", true).put("undeletable", true).put("mergeable", false)
                .put("triggerable", true).put("layoutable", true).put("activateable", false)
                .put("customSetting", false).put("deprecatedAndHidden", false).put("feedEnabled", false)
                .put("hasSubtypes", false).put("isSubtype", false).put("isInterface", false)
                .put("replicateable", true);
        node.putObject("urls").put("sobject", path).put("describe", path + "/describe")
                .put("rowTemplate", path + "/{ID}");
        return node;
    }

    private static ObjectNode field(Field field) {
        boolean required = field.is(Field.Trait.REQUIRED) || field.type() == Field.Type.BOOLEAN
                || field.type() == Field.Type.ID || field.name().equals("OwnerId");
        boolean number = field.digits() > 0 && field.type() != Field.Type.INT;
        ObjectNode node = JSON.objectNode().put("name", field.name()).put("label", field.label())
                .put("type", field.type().word).put("soapType", field.type().soapType)
                .put("length", field.length()).put("byteLength", field.length() * 3)
                .put("digits", field.type() == Field.Type.INT ? field.digits() : 0)
                .put("precision", number ? field.digits() : 0).put("scale", field.scale())
                .put("createable", field.is(Field.Trait.CREATE)).put("updateable", field.is(Field.Trait.UPDATE))
                .put("nillable", !required)
                .put("defaultedOnCreate", field.type() == Field.Type.BOOLEAN || field.name().equals("OwnerId")
                        || field.name().equals("Status"))
                .put("custom", field.custom()).put("externalId", field.is(Field.Trait.EXTERNAL_ID))
                .put("idLookup", field.is(Field.Trait.EXTERNAL_ID) || field.type() == Field.Type.ID)
                .put("unique", field.is(Field.Trait.UNIQUE)).put("caseSensitive", false)
                .put("calculated", false).put("autoNumber", false)
                .put("filterable", field.length() < 4000 && field.type() != Field.Type.ADDRESS)
                .put("sortable", field.length() < 4000 && field.type() != Field.Type.ADDRESS)
                .put("groupable", field.length() < 256).put("nameField", field.name().equals("Name"))
                .put("namePointing", field.referenceTo().size() > 1)
                .put("restrictedPicklist", field.is(Field.Trait.RESTRICTED)).put("deprecatedAndHidden", false);
        if (field.relationship().isEmpty()) {
            node.putNull("relationshipName");
        } else {
            node.put("relationshipName", field.relationship());
        }
        field.referenceTo().forEach(node.putArray("referenceTo")::add);
        ArrayNode values = node.putArray("picklistValues");
        for (String value : field.values()) {
            values.addObject().put("active", true)
                    .put("defaultValue", field.is(Field.Trait.REQUIRED) && value.equals(field.values().get(0)))
                    .put("label", value).put("value", value);
        }
        return node;
    }
}
