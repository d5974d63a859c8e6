package io.leadroutes.sandbox.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.SandboxTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoqlTest {

    private final TestOrganisation.ManualTime time = new TestOrganisation.ManualTime();
    private final Catalog catalog = new Catalog();
    private final RecordStore store = new RecordStore(catalog, time,
            new ChangeLog(catalog, SandboxTime.system(), () -> Duration.ofHours(72), () -> true));
    private final QueryEngine engine = new QueryEngine(catalog, store, time);

    @BeforeEach
    void fill() throws Exception {
        lead("{'LastName':'Adams','FirstName':'Zoe','Company':'Acme','City':'Bonn','LeadRoutes_Score__c':10,"
                + "'LeadRoutes_Id__c':'a-1','Email':'zoe@acme.example'}");
        lead("{'LastName':'Brown','Company':'Best 100%','LeadRoutes_Score__c':20,'LeadRoutes_Id__c':'b-1',"
                + "'OwnerId':'005Sb0000000001IAA'}");
        lead("{'LastName':\"O'Neil\",'Company':'Acme Two','DoNotCall':true,'OwnerId':'00GSb0000000001MAA'}");
    }

    private void lead(String json) throws Exception {
        ObjectNode node = (ObjectNode) new ObjectMapper().enable(
                com.fasterxml.jackson.core.JsonParser.Feature.ALLOW_SINGLE_QUOTES).readTree(json);
        assertThat(store.create(new Caller(RecordStore.INTEGRATION_USER, ""), catalog.lead, node).refusal()).isEmpty();
    }

    private List<String> names(String where) {
        return engine.run("SELECT LastName FROM Lead " + where, false).rows().stream()
                .map(row -> row.apply("").path("LastName").asText()).toList();
    }

    @Test
    void conditionsSelectRows() {
        assertThat(names("WHERE Company = 'acme'")).containsExactly("Adams");
        assertThat(names("WHERE Company LIKE 'acme%' ORDER BY LastName DESC")).containsExactly("O'Neil", "Adams");
        assertThat(names("WHERE Company LIKE '%100\\%'")).containsExactly("Brown");
        assertThat(names("WHERE Company LIKE 'A_me'")).containsExactly("Adams");
        assertThat(names("WHERE LeadRoutes_Score__c > 10")).containsExactly("Brown");
        assertThat(names("WHERE LeadRoutes_Score__c <= 2e1 AND City = null")).containsExactly("Brown");
        assertThat(names("WHERE City != null")).containsExactly("Adams");
        assertThat(names("WHERE City != 'Bonn'")).containsExactly("Brown", "O'Neil");
        assertThat(names("WHERE NOT (DoNotCall = true OR City = 'Bonn')")).containsExactly("Brown");
        assertThat(names("WHERE LastName IN ('Adams', 'brown') AND LastName NOT IN ('Adams')")).containsExactly("Brown");
        assertThat(names("WHERE LastName = 'O\\'Neil'")).containsExactly("O'Neil");
        assertThat(names("WHERE Owner.Name = 'Ana Ruiz'")).containsExactly("Brown");
        assertThat(names("WHERE Owner.Type = 'Queue'")).containsExactly("O'Neil");
        assertThat(names("WHERE LeadRoutes_Id__c IN ('A-1','nope')")).containsExactly("Adams");
        assertThat(names("WHERE Id = '00QSb0000000002'")).containsExactly("Brown");
        assertThat(names("ORDER BY LeadRoutes_Score__c DESC NULLS LAST LIMIT 2 OFFSET 1"))
                .containsExactly("Adams", "O'Neil");
        assertThat(names("ORDER BY LeadRoutes_Score__c")).containsExactly("O'Neil", "Adams", "Brown");
    }

    @Test
    void datesCompareByInstantAndByRange() {
        assertThat(names("WHERE CreatedDate = TODAY AND CreatedDate > 2020-01-01T00:00:00Z")).hasSize(3);
        assertThat(names("WHERE CreatedDate < 2020-01-01T00:00:00+01:00")).isEmpty();
        time.advance(Duration.ofDays(3));
        assertThat(names("WHERE CreatedDate = TODAY")).isEmpty();
        assertThat(names("WHERE CreatedDate = LAST_N_DAYS:3")).hasSize(3);
        assertThat(names("WHERE CreatedDate = LAST_N_DAYS:2")).isEmpty();
        assertThat(names("WHERE CreatedDate < LAST_N_DAYS:2")).hasSize(3);
    }

    @Test
    void aggregatesCountAndGroup() {
        assertThat(engine.run("SELECT COUNT() FROM Lead WHERE Company LIKE 'Acme%'", false).total()).isEqualTo(2);
        ObjectNode row = engine.run("SELECT Status, COUNT(Id) n, MAX(LeadRoutes_Score__c) FROM Lead GROUP BY Status",
                false).rows().get(0).apply("");
        assertThat(row.path("n").asInt()).isEqualTo(3);
        assertThat(row.path("expr0").asDouble()).isEqualTo(20);
    }

    @Test
    void relationshipsAreNestedObjects() {
        ObjectNode row = engine.run("SELECT Id, Owner.Name, Owner.Type, CreatedBy.Username FROM Lead WHERE LastName ="
                + " 'O\\'Neil'", false).rows().get(0).apply("/services/data/v62.0");
        assertThat(row.path("Owner").path("Name").asText()).isEqualTo("Unassigned");
        assertThat(row.path("Owner").path("attributes").path("type").asText()).isEqualTo("Group");
        assertThat(row.path("CreatedBy").path("Username").asText()).isEqualTo(SalesforceSandbox.USERNAME);
        assertThat(engine.run("SELECT FIELDS(ALL) FROM Lead LIMIT 1", false).rows().get(0).apply("").has("Email"))
                .isTrue();
    }

    @Test
    void whatLooksLikeAnInjectionIsOnlyText() {
        assertThat(names("WHERE LastName = 'x\\' OR LastName != \\''")).isEmpty();
        assertThat(names("WHERE LastName = '\\\\'")).isEmpty();
        assertThat(names("WHERE LastName LIKE '.*'")).isEmpty();
        assertThat(names("WHERE LastName = '\\u0041dams'")).containsExactly("Adams");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SELECT", "SELECT FROM Lead", "SELECT Id Lead", "SELECT Id FROM Lead WHERE",
        "SELECT Id FROM Lead WHERE Name = 'x", "SELECT Id FROM Lead WHERE Name = 'x' OR", "SELECT Id FROM Lead; DROP",
        "SELECT Id FROM Lead WHERE Name = \"x\"", "SELECT Id FROM Lead WHERE Name = x", "SELECT *  FROM Lead",
        "SELECT Id FROM Lead WHERE Name = '\\q'", "SELECT Id FROM Lead LIMIT -1", "SELECT Id, Id FROM Lead",
        "SELECT Id FROM Lead WHERE Name = 'a' OR Name = 'b' AND Name = 'c'", "SELECT Id FROM Lead WHERE Name IN ()",
        "SELECT Id FROM Lead -- x", "SELECT Name, COUNT(Id) FROM Lead", "SELECT FIELDS(ALL) FROM Lead"})
    void aBrokenQueryIsMalformed(String query) {
        assertThatThrownBy(() -> engine.run(query, false)).isInstanceOfSatisfying(Refusal.class,
                refusal -> assertThat(refusal.code).isEqualTo("MALFORMED_QUERY"));
    }

    @Test
    void unknownNamesAndWrongTypesHaveTheirOwnCodes() {
        assertThat(code("SELECT Nope FROM Lead")).isEqualTo("INVALID_FIELD");
        assertThat(code("SELECT Id FROM Nope")).isEqualTo("INVALID_TYPE");
        assertThat(code("SELECT Id FROM Lead WHERE Nope.Name = 'x'")).isEqualTo("INVALID_FIELD");
        assertThat(code("SELECT Id FROM Lead WHERE LeadRoutes_Score__c = 'x'")).isEqualTo("INVALID_FIELD");
        assertThat(code("SELECT Id FROM Lead WHERE Id = 'x'")).isEqualTo("INVALID_QUERY_FILTER_OPERATOR");
        String deep = "(".repeat(200) + "Name = 'x'" + ")".repeat(200);
        assertThat(code("SELECT Id FROM Lead WHERE " + deep)).isEqualTo("MALFORMED_QUERY");
    }

    private String code(String query) {
        try {
            engine.run(query, false);
            return "";
        } catch (Refusal refusal) {
            return refusal.code;
        }
    }
}
