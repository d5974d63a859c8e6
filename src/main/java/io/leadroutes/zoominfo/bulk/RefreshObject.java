package io.leadroutes.zoominfo.bulk;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be refreshed: objects of the CRM, with the fields that tell ZoomInfo who or what is meant. */
public enum RefreshObject {

    /** People that a sales team knows. */
    CONTACT("Contact", Entity.CONTACT, List.of("Id", "FirstName", "LastName", "Email", "ZoomInfo_Person_Id__c",
            "Account.Name"), Map.of("recordId", "Id", "personId", "ZoomInfo_Person_Id__c", "email", "Email", "firstName",
            "FirstName", "lastName", "LastName", "company", "Account.Name")),
    /** People that have come in. */
    LEAD("Lead", Entity.CONTACT, List.of("Id", "FirstName", "LastName", "Email", "Company", "ZoomInfo_Person_Id__c"),
            Map.of("recordId", "Id", "personId", "ZoomInfo_Person_Id__c", "email", "Email", "firstName", "FirstName",
                    "lastName", "LastName", "company", "Company")),
    /** Companies. */
    ACCOUNT("Account", Entity.COMPANY, List.of("Id", "Name", "Website", "ZoomInfo_Company_Id__c"),
            Map.of("recordId", "Id", "companyId", "ZoomInfo_Company_Id__c", "website", "Website", "name", "Name"));

    /** What ZoomInfo is asked for. */
    enum Entity {
        CONTACT("contact", "matchPersonInput"), COMPANY("company", "matchCompanyInput");

        private final String word;
        private final String inputKey;

        Entity(String word, String inputKey) {
            this.word = word;
            this.inputKey = inputKey;
        }

        String word() {
            return word;
        }

        String inputKey() {
            return inputKey;
        }
    }

    private final String apiName;
    private final Entity entity;
    private final List<String> fields;
    private final Map<String, String> columns;

    RefreshObject(String apiName, Entity entity, List<String> fields, Map<String, String> columns) {
        this.apiName = apiName;
        this.entity = entity;
        this.fields = fields;
        this.columns = columns;
    }

    /** By its name in the CRM, in any case. */
    public static Optional<RefreshObject> named(String name) {
        return Arrays.stream(values()).filter(object -> object.apiName.equalsIgnoreCase(name.strip())).findFirst();
    }

    /** Its name in the CRM. */
    public String apiName() {
        return apiName;
    }

    Entity entity() {
        return entity;
    }

    /** The fields that a query selects. */
    List<String> fields() {
        return fields;
    }

    /** Column of a {@link RefreshRow} → field of the CRM. */
    Map<String, String> columns() {
        return columns;
    }
}
