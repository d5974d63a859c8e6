package io.leadroutes.sandbox.salesforce;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The objects of the stand-in. One table says what {@code describe} answers, what is validated, what SOQL may name and
 * what a change event carries.
 *
 * <p>A line: name, label, type with length (or digits,scale), traits, and picklist values or referenced objects.
 * Traits: {@code c} createable, {@code u} updateable, {@code !} required, {@code x} external id, {@code q} unique,
 * {@code r} restricted picklist, {@code s} in no change event.
 */
final class Catalog {

    private static final String SYSTEM = """
            Id               | Record ID             | id            | s   |
            IsDeleted        | Deleted               | boolean       | s   |
            """;
    private static final String AUDIT = """
            CreatedDate      | Created Date          | datetime      |     |
            CreatedById      | Created By ID         | reference     |     | User
            LastModifiedDate | Last Modified Date    | datetime      |     |
            LastModifiedById | Last Modified By ID   | reference     |     | User
            SystemModstamp   | System Modstamp       | datetime      | s   |
            """;

    private static final String PRIVACY = """
            ZoomInfo_Opted_Out__c        | ZoomInfo Opted Out        | boolean | cu |
            ZoomInfo_Notice_Date__c      | ZoomInfo Notice Date      | date    | cu |
            ZoomInfo_Within_EU__c        | ZoomInfo Within EU        | boolean | cu |
            ZoomInfo_Within_California__c | ZoomInfo Within California | boolean | cu |
            ZoomInfo_Within_Canada__c    | ZoomInfo Within Canada    | boolean | cu |
            """;

    private static final String LEAD = SYSTEM + """
            Name             | Full Name             | string 121    |     |
            Salutation       | Salutation            | picklist 40   | cur | Mr.,Ms.,Mrs.,Dr.,Prof.,Mx.
            FirstName        | First Name            | string 40     | cu  |
            LastName         | Last Name             | string 80     | cu! |
            Title            | Title                 | string 128    | cu  |
            Company          | Company               | string 255    | cu! |
            Street           | Street                | textarea 255  | cu  |
            City             | City                  | string 40     | cu  |
            State            | State/Province        | string 80     | cu  |
            PostalCode       | Zip/Postal Code       | string 20     | cu  |
            Country          | Country               | string 80     | cu  |
            Latitude         | Latitude              | double 18,15  | cu  |
            Longitude        | Longitude             | double 18,15  | cu  |
            GeocodeAccuracy  | Geocode Accuracy      | picklist 40   | cur | Address,NearAddress,Block,Street,ExtendedZip,Zip,Neighborhood,City,County,State,Unknown
            Address          | Address               | address       |     |
            Phone            | Phone                 | phone 40      | cu  |
            MobilePhone      | Mobile Phone          | phone 40      | cu  |
            Fax              | Fax                   | phone 40      | cu  |
            Email            | Email                 | email 80      | cu  |
            Website          | Website               | url 255       | cu  |
            Description      | Description           | textarea 32000 | cu |
            LeadSource       | Lead Source           | picklist 255  | cu  | Web,Phone Inquiry,Partner Referral,Purchased List,Other
            Status           | Status                | picklist 255  | cu! | Open - Not Contacted,Working - Contacted,Closed - Converted,Closed - Not Converted
            Industry         | Industry              | picklist 255  | cu  | Agriculture,Banking,Biotechnology,Consulting,Education,Electronics,Energy,Engineering,Finance,Government,Healthcare,Insurance,Manufacturing,Media,Retail,Technology,Telecommunications,Transportation,Utilities,Other
            Rating           | Rating                | picklist 255  | cur | Hot,Warm,Cold
            AnnualRevenue    | Annual Revenue        | currency 18,0 | cu  |
            NumberOfEmployees | Employees            | int 8         | cu  |
            OwnerId          | Owner ID              | reference     | cu  | Group,User
            HasOptedOutOfEmail | Email Opt Out       | boolean       | cu  |
            DoNotCall        | Do Not Call           | boolean       | cu  |
            IsConverted      | Converted             | boolean       |     |
            ConvertedDate    | Converted Date        | date          |     |
            ConvertedAccountId | Converted Account ID | reference    |     | Account
            ConvertedContactId | Converted Contact ID | reference    |     | Contact
            IsUnreadByOwner  | Unread By Owner       | boolean       | cus |
            """ + AUDIT + """
            LeadRoutes_Id__c        | LeadRoutes Id        | string 255  | cuxq |
            LeadRoutes_Score__c     | LeadRoutes Score     | double 18,4 | cu  |
            LeadRoutes_Grade__c     | LeadRoutes Grade     | string 255  | cu  |
            LeadRoutes_Tier__c      | LeadRoutes Tier      | string 255  | cu  |
            LeadRoutes_Reason__c    | LeadRoutes Reason    | string 255  | cu  |
            LeadRoutes_Operation__c | LeadRoutes Operation | string 80   | cu  |
            ZoomInfo_Person_Id__c   | ZoomInfo Person Id   | string 255  | cux |
            ZoomInfo_Company_Id__c  | ZoomInfo Company Id  | string 255  | cux |
            """ + PRIVACY;

    private static final String CONTACT = SYSTEM + """
            AccountId        | Account ID            | reference     | cu  | Account
            Name             | Full Name             | string 121    |     |
            Salutation       | Salutation            | picklist 40   | cur | Mr.,Ms.,Mrs.,Dr.,Prof.,Mx.
            FirstName        | First Name            | string 40     | cu  |
            LastName         | Last Name             | string 80     | cu! |
            MailingStreet    | Mailing Street        | textarea 255  | cu  |
            MailingCity      | Mailing City          | string 40     | cu  |
            MailingState     | Mailing State/Province | string 80    | cu  |
            MailingPostalCode | Mailing Zip/Postal Code | string 20  | cu  |
            MailingCountry   | Mailing Country       | string 80     | cu  |
            MailingAddress   | Mailing Address       | address       |     |
            Phone            | Business Phone        | phone 40      | cu  |
            MobilePhone      | Mobile Phone          | phone 40      | cu  |
            Email            | Email                 | email 80      | cu  |
            Title            | Title                 | string 128    | cu  |
            Department       | Department            | string 80     | cu  |
            LeadSource       | Lead Source           | picklist 255  | cu  | Web,Phone Inquiry,Partner Referral,Purchased List,Other
            Description      | Description           | textarea 32000 | cu |
            OwnerId          | Owner ID              | reference     | cu  | User
            HasOptedOutOfEmail | Email Opt Out       | boolean       | cu  |
            DoNotCall        | Do Not Call           | boolean       | cu  |
            """ + AUDIT + """
            ZoomInfo_Person_Id__c  | ZoomInfo Person Id  | string 255  | cux |
            ZoomInfo_Company_Id__c | ZoomInfo Company Id | string 255  | cux |
            LeadRoutes_Operation__c | LeadRoutes Operation | string 80 | cu  |
            """ + PRIVACY;

    private static final String ACCOUNT = SYSTEM + """
            Name             | Account Name          | string 255    | cu! |
            Type             | Account Type          | picklist 255  | cu  | Prospect,Customer - Direct,Customer - Channel,Channel Partner / Reseller,Other
            ParentId         | Parent Account ID     | reference     | cu  | Account
            BillingStreet    | Billing Street        | textarea 255  | cu  |
            BillingCity      | Billing City          | string 40     | cu  |
            BillingState     | Billing State/Province | string 80    | cu  |
            BillingPostalCode | Billing Zip/Postal Code | string 20  | cu  |
            BillingCountry   | Billing Country       | string 80     | cu  |
            BillingAddress   | Billing Address       | address       |     |
            Phone            | Account Phone         | phone 40      | cu  |
            Website          | Website               | url 255       | cu  |
            Industry         | Industry              | picklist 255  | cu  | Agriculture,Banking,Biotechnology,Consulting,Education,Energy,Finance,Healthcare,Manufacturing,Media,Retail,Technology,Other
            AnnualRevenue    | Annual Revenue        | currency 18,0 | cu  |
            NumberOfEmployees | Employees            | int 8         | cu  |
            Description      | Account Description   | textarea 32000 | cu |
            OwnerId          | Owner ID              | reference     | cu  | User
            """ + AUDIT + """
            ZoomInfo_Company_Id__c | ZoomInfo Company Id | string 255 | cux |
            LeadRoutes_Operation__c | LeadRoutes Operation | string 80 | cu |
            """;

    private static final String ACCOUNT_SIGNAL = SYSTEM + """
            Name             | Signal Name           | string 80     | cu! |
            OwnerId          | Owner ID              | reference     | cu  | Group,User
            Account__c       | Account               | reference     | cu! | Account
            Score__c         | Score                 | double 18,2   | cu  |
            Page_Views__c    | Page Views            | int 8         | cu  |
            First_Seen__c    | First Seen            | datetime      | cu  |
            Last_Seen__c     | Last Seen             | datetime      | cu  |
            Pages__c         | Pages                 | textarea 32000 | cu |
            Source__c        | Source                | string 255    | cu  |
            Operation_Key__c | Operation Key         | string 255    | cuxq |
            """ + AUDIT;

    private static final String USER = SYSTEM + """
            Username         | Username              | string 80     | cuq! |
            FirstName        | First Name            | string 40     | cu  |
            LastName         | Last Name             | string 80     | cu! |
            Name             | Full Name             | string 121    |     |
            Email            | Email                 | email 128     | cu! |
            Alias            | Alias                 | string 8      | cu  |
            IsActive         | Active                | boolean       | cu  |
            UserType         | User Type             | picklist 40   | r   | Standard,AutomatedProcess,CsnOnly
            TimeZoneSidKey   | Time Zone             | string 40     | cu  |
            """ + AUDIT;

    private static final String GROUP = SYSTEM + """
            Name             | Name                  | string 40     | cu! |
            DeveloperName    | Developer Name        | string 80     | cu! |
            Type             | Type                  | picklist 40   | cr! | Queue,Regular
            Email            | Email                 | email 255     | cu  |
            """ + AUDIT;

    private static final String CAMPAIGN = SYSTEM + """
            Name             | Name                  | string 80     | cu! |
            Status           | Status                | picklist 255  | cu  | Planned,In Progress,Completed,Aborted
            IsActive         | Active                | boolean       | cu  |
            OwnerId          | Owner ID              | reference     | cu  | User
            """ + AUDIT;

    private final Map<String, ObjectType> byName = new LinkedHashMap<>();
    final ObjectType lead = add("Lead", "Leads", "00Q", true, LEAD);
    final ObjectType contact = add("Contact", "Contacts", "003", true, CONTACT);
    final ObjectType account = add("Account", "Accounts", "001", true, ACCOUNT);
    final ObjectType user = add("User", "Users", "005", false, USER);
    final ObjectType group = add("Group", "Groups", "00G", false, GROUP);
    final ObjectType campaign = add("Campaign", "Campaigns", "701", false, CAMPAIGN);
    final ObjectType accountSignal = add("Account_Signal__c", "Account Signals", "a01", false, ACCOUNT_SIGNAL);

    Collection<ObjectType> objects() {
        return byName.values();
    }

    /** Object names are not case-sensitive. */
    Optional<ObjectType> object(String name) {
        return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The object that an id belongs to. */
    Optional<ObjectType> ofId(String id) {
        return byName.values().stream().filter(type -> id.startsWith(type.keyPrefix)).findFirst();
    }

    private ObjectType add(String name, String plural, String prefix, boolean changeEvents, String table) {
        List<Field> fields = new ArrayList<>();
        for (String line : table.split("\n")) {
            String[] cells = line.split("\\|", -1);
            fields.add(field(cells, fields.size()));
        }
        ObjectType type = new ObjectType(name, plural, prefix, changeEvents, fields);
        byName.put(name.toLowerCase(Locale.ROOT), type);
        return type;
    }

    private static Field field(String[] cells, int index) {
        String[] kind = cells[2].strip().split("[ ,]");
        Field.Type type = Field.Type.valueOf(kind[0].toUpperCase(Locale.ROOT));
        int size = kind.length > 1 ? Integer.parseInt(kind[1]) : 0;
        boolean number = type == Field.Type.INT || type == Field.Type.DOUBLE || type == Field.Type.CURRENCY;
        EnumSet<Field.Trait> traits = EnumSet.noneOf(Field.Trait.class);
        for (char c : cells[3].strip().toCharArray()) {
            traits.add(switch (c) {
                case 'c' -> Field.Trait.CREATE;
                case 'u' -> Field.Trait.UPDATE;
                case '!' -> Field.Trait.REQUIRED;
                case 'x' -> Field.Trait.EXTERNAL_ID;
                case 'q' -> Field.Trait.UNIQUE;
                case 'r' -> Field.Trait.RESTRICTED;
                case 's' -> Field.Trait.SILENT;
                default -> throw new IllegalArgumentException("trait " + c);
            });
        }
        String extra = cells.length > 4 ? cells[4].strip() : "";
        List<String> names = extra.isEmpty() ? List.of() : List.of(extra.split(","));
        return new Field(cells[0].strip(), cells[1].strip(), type,
                type == Field.Type.ID || type == Field.Type.REFERENCE ? 18 : number ? 0 : size, number ? size : 0,
                kind.length > 2 ? Integer.parseInt(kind[2]) : 0, traits,
                type == Field.Type.PICKLIST ? names : List.of(), type == Field.Type.REFERENCE ? names : List.of(),
                index);
    }
}
