package io.leadroutes.sandbox.salesforce;

import java.util.List;
import java.util.Set;

/**
 * One field of an object, as {@code describe} tells it.
 *
 * @param length    greatest number of characters of a text field; 0 where there is none
 * @param digits    digits of a number, 0 where there is none
 * @param scale     digits after the decimal point
 * @param values    picklist values, the default first
 * @param referenceTo objects that a reference may name
 * @param index     place of the value in a row; unique in the object
 */
record Field(String name, String label, Type type, int length, int digits, int scale, Set<Trait> traits,
        List<String> values, List<String> referenceTo, int index) {

    enum Type {
        ID("id", "tns:ID"), REFERENCE("reference", "tns:ID"), STRING("string", "xsd:string"),
        TEXTAREA("textarea", "xsd:string"), PICKLIST("picklist", "xsd:string"), EMAIL("email", "xsd:string"),
        PHONE("phone", "xsd:string"), URL("url", "xsd:string"), BOOLEAN("boolean", "xsd:boolean"),
        INT("int", "xsd:int"), DOUBLE("double", "xsd:double"), CURRENCY("currency", "xsd:double"),
        DATE("date", "xsd:date"), DATETIME("datetime", "xsd:dateTime"), ADDRESS("address", "urn:address");

        final String word;
        final String soapType;

        Type(String word, String soapType) {
            this.word = word;
            this.soapType = soapType;
        }

        boolean isText() {
            return switch (this) {
                case STRING, TEXTAREA, PICKLIST, EMAIL, PHONE, URL -> true;
                default -> false;
            };
        }
    }

    enum Trait {
        /** May be given when the record is made. */
        CREATE,
        /** May be changed later. */
        UPDATE,
        /** Must have a value. */
        REQUIRED,
        EXTERNAL_ID,
        UNIQUE,
        /** A picklist that refuses other values. */
        RESTRICTED,
        /** Kept by the system; no part of change events. */
        SILENT
    }

    boolean is(Trait trait) {
        return traits.contains(trait);
    }

    boolean custom() {
        return name.endsWith("__c");
    }

    /**
     * The name of the relationship, for example {@code Owner} for {@code OwnerId} and {@code Account__r} for
     * {@code Account__c}; empty if not a reference.
     */
    String relationship() {
        if (type == Type.REFERENCE && custom()) {
            return name.substring(0, name.length() - 1) + "r";
        }
        return type == Type.REFERENCE && name.endsWith("Id") ? name.substring(0, name.length() - 2) : "";
    }
}
