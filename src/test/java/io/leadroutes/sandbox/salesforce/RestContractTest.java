package io.leadroutes.sandbox.salesforce;

import static io.leadroutes.sandbox.salesforce.TestOrganisation.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.salesforce.TestOrganisation.Response;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestContractTest {

    private static final TestOrganisation ORG = new TestOrganisation();

    @BeforeEach
    void reset() {
        ORG.control("POST", "reset", "");
        ORG.headers(Map.of());
        ORG.login(SalesforceSandbox.USERNAME);
    }

    @AfterAll
    static void stop() {
        ORG.close();
    }

    @Test
    void aTokenAnswerNamesOrganisationAndUserWith18Characters() {
        Response answer = ORG.token(Map.of("grant_type", "client_credentials", "client_id", "sandbox-consumer-key",
                "client_secret", "sandbox-consumer-secret"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("id").asText()).matches(".*/id/00D.{15}/005Sb0000000099IAA");
        assertThat(answer.body().path("instance_url").asText()).isEqualTo(ORG.base);
        assertThat(answer.body().path("token_type").asText()).isEqualTo("Bearer");
    }

    @Test
    void aWrongPasswordOrSecretIsRefused() {
        Response password = ORG.token(Map.of("grant_type", "password", "client_id", "sandbox-consumer-key",
                "client_secret", "sandbox-consumer-secret", "username", SalesforceSandbox.USERNAME, "password", "no"));
        assertThat(password.status()).isEqualTo(400);
        assertThat(password.body().path("error").asText()).isEqualTo("invalid_grant");
        assertThat(password.body().path("error_description").asText()).isEqualTo("authentication failure");
        Response secret = ORG.token(Map.of("grant_type", "client_credentials", "client_id", "sandbox-consumer-key",
                "client_secret", "no"));
        assertThat(secret.body().path("error").asText()).isEqualTo("invalid_client");
    }

    @Test
    void aSignedAssertionIsCheckedForKeyAudienceAndExpiry() throws Exception {
        String pem = ORG.control("GET", "credentials", "").path("privateKey").asText();
        PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(
                Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""))));
        long soon = ORG.time.now().getEpochSecond() + 180;
        assertThat(jwt(key, ORG.base, soon).status()).isEqualTo(200);
        assertThat(jwt(key, "https://login.salesforce.com", soon).status()).isEqualTo(200);
        assertThat(jwt(key, "https://example.com", soon).body().path("error_description").asText())
                .isEqualTo("audience is invalid");
        assertThat(jwt(key, ORG.base, soon - 600).body().path("error").asText()).isEqualTo("invalid_grant");
        assertThat(jwt(new Keys(ORG.time.now()).privateKey(), ORG.base, soon).body().path("error_description").asText())
                .isEqualTo("invalid assertion");
    }

    private static Response jwt(PrivateKey key, String audience, long expires) throws Exception {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String text = encoder.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(JSON.createObjectNode().put("iss", "sandbox-consumer-key")
                        .put("sub", SalesforceSandbox.USERNAME).put("aud", audience).put("exp", expires).toString()
                        .getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        return ORG.token(Map.of("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion",
                text + "." + encoder.encodeToString(signature.sign())));
    }

    @Test
    void aTokenEndsWithItsLifeAndByCommand() {
        assertThat(ORG.get("limits").status()).isEqualTo(200);
        ORG.time.advance(Duration.ofSeconds(7201));
        Response expired = ORG.get("limits");
        assertThat(expired.status()).isEqualTo(401);
        assertThat(expired.body().toString())
                .isEqualTo("[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]");
        ORG.login(SalesforceSandbox.USERNAME);
        assertThat(ORG.get("limits").status()).isEqualTo(200);
        ORG.control("POST", "tokens/expire", "");
        assertThat(ORG.get("limits").status()).isEqualTo(401);
    }

    @Test
    void aRecordIsCreatedReadChangedAndDeleted() {
        Response created = ORG.call("POST", "sobjects/Lead",
                "{'FirstName':' Ada ','LastName':'Lane','Company':'Acme','Street':'1 Road','City':''}");
        assertThat(created.status()).isEqualTo(201);
        String id = created.body().path("id").asText();
        assertThat(id).matches("00QSb\\d{10}MAA");
        JsonNode lead = ORG.get("sobjects/Lead/" + id).body();
        assertThat(lead.path("Name").asText()).isEqualTo("Ada Lane");
        assertThat(lead.path("Status").asText()).isEqualTo("Open - Not Contacted");
        assertThat(lead.path("OwnerId").asText()).isEqualTo("005Sb0000000099IAA");
        assertThat(lead.path("IsConverted").asBoolean(true)).isFalse();
        assertThat(lead.path("City").isNull()).isTrue();
        assertThat(lead.path("Address").path("street").asText()).isEqualTo("1 Road");
        assertThat(lead.path("CreatedDate").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.000\\+0000");
        assertThat(ORG.call("PATCH", "sobjects/Lead/" + id, "{'OwnerId':'005Sb0000000001IAA'}").status()).isEqualTo(204);
        JsonNode some = ORG.get("sobjects/Lead/" + id + "?fields=OwnerId,LastModifiedById").body();
        assertThat(some.path("OwnerId").asText()).isEqualTo("005Sb0000000001IAA");
        assertThat(some.has("Name")).isFalse();
        assertThat(ORG.call("DELETE", "sobjects/Lead/" + id, "").status()).isEqualTo(204);
        assertThat(error(ORG.get("sobjects/Lead/" + id))).isEqualTo("404 ENTITY_IS_DELETED");
        assertThat(ORG.query("SELECT Id FROM Lead").body().path("totalSize").asInt()).isZero();
        assertThat(ORG.get("queryAll?q=" + TestOrganisation.encode("SELECT Id FROM Lead")).body().path("totalSize")
                .asInt()).isEqualTo(1);
    }

    @Test
    void refusalsHaveSalesforcesCodes() {
        assertThat(error(create("{'FirstName':'x'}"))).isEqualTo("400 REQUIRED_FIELD_MISSING");
        assertThat(create("{'FirstName':'x'}").body().path(0).path("fields").toString())
                .isEqualTo("[\"LastName\",\"Company\"]");
        assertThat(error(create("{'LastName':'x','Company':'y','Nope':1}"))).isEqualTo("400 INVALID_FIELD");
        assertThat(error(create("{'LastName':'" + "x".repeat(81) + "','Company':'y'}")))
                .isEqualTo("400 STRING_TOO_LONG");
        assertThat(error(create("{'LastName':'x','Company':'y','Email':'nobody'}")))
                .isEqualTo("400 INVALID_EMAIL_ADDRESS");
        assertThat(error(create("{'LastName':'x','Company':'y','Rating':'Tepid'}")))
                .isEqualTo("400 INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
        assertThat(error(create("{'LastName':'x','Company':'y','OwnerId':'005Sb0000000077IAA'}")))
                .isEqualTo("400 INVALID_CROSS_REFERENCE_KEY");
        assertThat(error(create("{'LastName':'x','Company':'y','OwnerId':'005Sb0000000090IAA'}")))
                .isEqualTo("400 OPERATION_WITH_INACTIVE_USER");
        assertThat(error(create("{'LastName':'x','Company':'y','OwnerId':'nope'}"))).isEqualTo("400 MALFORMED_ID");
        assertThat(error(create("{'LastName':'x','Company':'y','CreatedDate':'2020-01-01T00:00:00Z'}")))
                .isEqualTo("400 INVALID_FIELD_FOR_INSERT_UPDATE");
        assertThat(error(create("{'LastName':"))).isEqualTo("400 JSON_PARSER_ERROR");
        assertThat(error(create("{'LastName':5,'Company':'y'}"))).isEqualTo("400 JSON_PARSER_ERROR");
        assertThat(error(ORG.get("sobjects/Lead/00QSb0000000009MAA"))).isEqualTo("404 NOT_FOUND");
        assertThat(error(ORG.get("sobjects/Nope/describe"))).isEqualTo("404 NOT_FOUND");
        assertThat(error(ORG.query("SELECT Id FROM"))).isEqualTo("400 MALFORMED_QUERY");
        assertThat(error(ORG.query("SELECT Id FROM Nope"))).isEqualTo("400 INVALID_TYPE");
        create("{'LastName':'x','Company':'y','LeadRoutes_Id__c':'one'}");
        assertThat(error(create("{'LastName':'x','Company':'y','LeadRoutes_Id__c':'ONE'}")))
                .isEqualTo("400 DUPLICATE_VALUE");
        ORG.control("PUT", "settings", "{'apiRequestsPerDay':1}");
        assertThat(error(ORG.get("sobjects"))).isEqualTo("403 REQUEST_LIMIT_EXCEEDED");
    }

    @Test
    void theCallsOfTheLast24HoursCountAgainstTheLimit() {
        ORG.control("POST", "reset", "");
        ORG.login(SalesforceSandbox.USERNAME);
        ORG.control("PUT", "settings", "{'apiRequestsPerDay':3}");
        ORG.get("sobjects");
        ORG.time.advance(Duration.ofHours(20));
        ORG.login(SalesforceSandbox.USERNAME);
        assertThat(ORG.get("sobjects").raw().headers().firstValue("Sforce-Limit-Info")).contains("api-usage=2/3");
        assertThat(ORG.get("limits").body().path("DailyApiRequests").path("Remaining").asInt()).isZero();
        assertThat(error(ORG.get("limits"))).isEqualTo("403 REQUEST_LIMIT_EXCEEDED");
        ORG.time.advance(Duration.ofHours(5));
        ORG.login(SalesforceSandbox.USERNAME);
        assertThat(ORG.get("sobjects").raw().headers().firstValue("Sforce-Limit-Info")).contains("api-usage=3/3");
    }

    @Test
    void recordsAreReadInTheOrderOfTheirStampsFromAPlaceOn() {
        ORG.control("POST", "reset", "");
        ORG.login(SalesforceSandbox.USERNAME);
        String before = ORG.lead("before");
        ORG.control("PUT", "settings", "{'stampLagSeconds':120}");
        String late = ORG.lead("late");
        ORG.control("PUT", "settings", "{'stampLagSeconds':0}");
        String after = ORG.lead("after");
        String fields = "SELECT Id, SystemModstamp, CreatedDate FROM Lead WHERE IsConverted = false";
        JsonNode all = ORG.query(fields + " ORDER BY SystemModstamp, Id").body().path("records");
        assertThat(all.findValuesAsText("Id")).containsExactly(late, before, after);
        String stamp = all.path(1).path("SystemModstamp").asText().replace("+0000", "Z");
        assertThat(ORG.query(fields + " AND CreatedDate >= " + stamp + " AND SystemModstamp >= " + stamp
                + " AND (SystemModstamp > " + stamp + " OR Id > '" + before + "') ORDER BY SystemModstamp, Id LIMIT 5")
                .body().path("records").findValuesAsText("Id")).containsExactly(after);
    }

    @Test
    void noIdComesASecondTimeAfterAReset() {
        String first = ORG.lead("one");
        ORG.control("POST", "reset", "");
        ORG.login(SalesforceSandbox.USERNAME);
        assertThat(ORG.lead("two")).isNotEqualTo(first);
    }

    private static Response create(String body) {
        return ORG.call("POST", "sobjects/Lead", body);
    }

    private static String error(Response answer) {
        return answer.status() + " " + answer.body().path(0).path("errorCode").asText();
    }

    @Test
    void anUpsertCreatesOnceAndThenUpdates() {
        String path = "sobjects/Lead/LeadRoutes_Id__c/web%2F1";
        Response first = ORG.call("PATCH", path, "{'LastName':'x','Company':'y'}");
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.body().path("created").asBoolean()).isTrue();
        Response second = ORG.call("PATCH", path, "{'LastName':'z'}");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body().path("id")).isEqualTo(first.body().path("id"));
        assertThat(ORG.get(path).body().path("LastName").asText()).isEqualTo("z");
        assertThat(error(ORG.call("PATCH", "sobjects/Lead/Email/x", "{}"))).isEqualTo("404 NOT_FOUND");
        String id = first.body().path("id").asText();
        assertThat(ORG.call("PATCH", "sobjects/Lead/Id/" + id, "{'LastName':'w'}").status()).isEqualTo(200);
        create("{'LastName':'a','Company':'y','ZoomInfo_Person_Id__c':'7'}");
        create("{'LastName':'b','Company':'y','ZoomInfo_Person_Id__c':'7'}");
        Response several = ORG.call("PATCH", "sobjects/Lead/ZoomInfo_Person_Id__c/7", "{'LastName':'c'}");
        assertThat(several.status()).isEqualTo(300);
        assertThat(several.body()).hasSize(2);
    }

    @Test
    void aCollectionGivesEachRecordItsOwnResult() {
        String id = ORG.lead("Known");
        Response answer = ORG.call("PATCH", "composite/sobjects", "{'allOrNone':false,'records':["
                + "{'attributes':{'type':'Lead'},'id':'" + id + "','Title':'CEO'},"
                + "{'attributes':{'type':'Lead'},'id':'" + id + "','Title':'again'},"
                + "{'attributes':{'type':'Lead'},'id':'00QSb0000000999MAA','Title':'CEO'},"
                + "{'attributes':{'type':'Lead'},'id':'" + ORG.lead("Other") + "','Email':'bad'}]}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path(0).toString())
                .isEqualTo("{\"id\":\"" + id + "\",\"success\":true,\"errors\":[]}");
        assertThat(answer.body().path(1).path("errors").path(0).path("statusCode").asText())
                .isEqualTo("DUPLICATE_VALUE");
        assertThat(answer.body().path(2).path("errors").path(0).path("statusCode").asText())
                .isEqualTo("INVALID_CROSS_REFERENCE_KEY");
        assertThat(answer.body().path(3).path("errors").path(0).path("fields").toString()).isEqualTo("[\"Email\"]");
        assertThat(ORG.get("sobjects/Lead/" + id).body().path("Title").asText()).isEqualTo("CEO");
    }

    @Test
    void allOrNoneWritesNothingWhenOneRecordIsRefused() {
        Response answer = ORG.call("POST", "composite/sobjects", "{'allOrNone':true,'records':["
                + "{'attributes':{'type':'Lead'},'LastName':'a','Company':'b','LeadRoutes_Id__c':'k'},"
                + "{'attributes':{'type':'Lead'},'LastName':'a'}]}");
        assertThat(answer.body().path(0).path("errors").path(0).path("statusCode").asText())
                .isEqualTo("ALL_OR_NONE_OPERATION_ROLLED_BACK");
        assertThat(answer.body().path(1).path("errors").path(0).path("statusCode").asText())
                .isEqualTo("REQUIRED_FIELD_MISSING");
        assertThat(ORG.query("SELECT COUNT() FROM Lead").body().path("totalSize").asInt()).isZero();
        assertThat(ORG.control("GET", "stats", "").path("pubsub").path("published").asInt()).isZero();
        assertThat(create("{'LastName':'a','Company':'b','LeadRoutes_Id__c':'k'}").status()).isEqualTo(201);
    }

    @Test
    void aCollectionUpsertCountsAsOneWritePerLead() {
        String records = IntStream.range(0, 200).mapToObj(i -> "{'attributes':{'type':'Lead'},'LeadRoutes_Id__c':'k"
                + i + "','LastName':'n','Company':'c','LeadRoutes_Operation__c':'op'}").collect(Collectors.joining(","));
        String body = "{'allOrNone':false,'records':[" + records + "]}";
        Response first = ORG.call("PATCH", "composite/sobjects/Lead/LeadRoutes_Id__c", body);
        assertThat(first.body()).hasSize(200).allMatch(result -> result.path("created").asBoolean());
        assertThat(ORG.control("GET", "stats", "").path("leadWritesByIntegrationUser").path("max").asInt())
                .isEqualTo(1);
        Response second = ORG.call("PATCH", "composite/sobjects/Lead/LeadRoutes_Id__c", body);
        assertThat(second.body()).hasSize(200).noneMatch(result -> result.path("created").asBoolean());
        assertThat(ORG.control("GET", "stats", "").path("leadWritesByIntegrationUser").path("histogram").toString())
                .isEqualTo("{\"2\":200}");
        String ids = first.body().path(0).path("id").asText();
        Response read = ORG.call("POST", "composite/sobjects/Lead", "{'ids':['" + ids
                + "','00QSb0000099999MAA'],'fields':['LeadRoutes_Id__c']}");
        assertThat(read.body().path(0).path("LeadRoutes_Id__c").asText()).isEqualTo("k0");
        assertThat(read.body().path(1).isNull()).isTrue();
        assertThat(error(ORG.call("POST", "composite/sobjects", "{'records':[" + records + "," + records + "]}")))
                .isEqualTo("400 EXCEEDED_MAX_SIZE_REQUEST");
    }

    @Test
    void aSignalOfAnAccountIsCreatedOnceUnderItsOperationKeyAndOwnedByTheOwnerOfTheAccount() {
        String account = ORG.call("POST", "sobjects/Account", "{'Name':'Acme','OwnerId':'005Sb0000000001IAA',"
                + "'ZoomInfo_Company_Id__c':'7'}").body().path("id").asText();
        String body = "{'allOrNone':false,'records':[{'attributes':{'type':'Account_Signal__c'},'Name':'Acme',"
                + "'Operation_Key__c':'w:7:2026-11','Account__c':'" + account + "','Page_Views__c':%d}]}";
        Response first = ORG.call("PATCH", "composite/sobjects/Account_Signal__c/Operation_Key__c", body.formatted(3));
        Response second = ORG.call("PATCH", "composite/sobjects/Account_Signal__c/Operation_Key__c", body.formatted(5));
        assertThat(first.body().path(0).path("created").asBoolean()).isTrue();
        assertThat(second.body().path(0).path("id").asText()).startsWith("a01")
                .isEqualTo(first.body().path(0).path("id").asText());
        assertThat(ORG.query("SELECT Page_Views__c, Account__r.OwnerId FROM Account_Signal__c").body().path("records")
                .path(0).toString()).contains("5").contains("005Sb0000000001IAA");
    }

    @Test
    void aCompositeRequestRefersToEarlierAnswersAndRollsBack() {
        String request = "{'allOrNone':true,'compositeRequest':["
                + "{'method':'POST','url':'/services/data/v62.0/sobjects/Account','referenceId':'acc',"
                + "'body':{'Name':'Acme'}},"
                + "{'method':'POST','url':'/services/data/v62.0/sobjects/Contact','referenceId':'con',"
                + "'body':{'LastName':'Lane','AccountId':'@{acc.id}'%s}}]}";
        Response good = ORG.call("POST", "composite", request.formatted(""));
        assertThat(good.body().path("compositeResponse").path(1).path("httpStatusCode").asInt()).isEqualTo(201);
        assertThat(ORG.query("SELECT Account.Name FROM Contact").body().path("records").path(0).path("Account")
                .path("Name").asText()).isEqualTo("Acme");
        Response bad = ORG.call("POST", "composite", request.formatted(",'Email':'bad'"));
        assertThat(bad.body().path("compositeResponse").path(0).path("body").path(0).path("errorCode").asText())
                .isEqualTo("PROCESSING_HALTED");
        assertThat(ORG.query("SELECT COUNT() FROM Account").body().path("totalSize").asInt()).isEqualTo(1);
    }

    @Test
    void aLongAnswerComesInPages() {
        ORG.control("POST", "sample-leads", "{'count':450}");
        ORG.headers(Map.of("Sforce-Query-Options", "batchSize=200"));
        JsonNode first = ORG.query("SELECT Id FROM Lead").body();
        assertThat(first.path("totalSize").asInt()).isEqualTo(450);
        assertThat(first.path("done").asBoolean()).isFalse();
        JsonNode second = ORG.get(first.path("nextRecordsUrl").asText()).body();
        assertThat(second.path("records")).hasSize(200);
        JsonNode third = ORG.get(second.path("nextRecordsUrl").asText()).body();
        assertThat(third.path("records")).hasSize(50);
        assertThat(third.path("done").asBoolean()).isTrue();
    }

    @Test
    void everyAnswerCarriesLimitInfoAndRequestId() {
        ORG.headers(Map.of("X-Request-Id", "r-1"));
        Response answer = ORG.get("sobjects/Lead/describe");
        assertThat(answer.raw().headers().firstValue("Sforce-Limit-Info").orElse("")).matches("api-usage=\\d+/\\d+");
        assertThat(answer.raw().headers().firstValue("X-Request-Id")).contains("r-1");
        JsonNode id = java.util.stream.StreamSupport.stream(answer.body().path("fields").spliterator(), false)
                .filter(field -> field.path("name").asText().equals("LeadRoutes_Id__c")).findFirst().orElseThrow();
        assertThat(id.path("externalId").asBoolean() && id.path("unique").asBoolean()).isTrue();
    }

    @Test
    void sampleLeadsArriveAtTheirRateAsOtherUsersRecords() {
        JsonNode made = ORG.control("POST", "sample-leads", "{'count':1000}");
        assertThat(made.path("ids")).hasSize(1000);
        ORG.control("PUT", "settings", "{'sampleLeadsPerSecond':100}");
        Awaitility.await().until(() -> ORG.control("GET", "stats", "").path("records").path("Lead").asInt() > 1005);
        ORG.control("PUT", "settings", "{'sampleLeadsPerSecond':false}");
        assertThat(ORG.query("SELECT COUNT() FROM Lead WHERE CreatedBy.Name = 'Web Form'").body().path("totalSize")
                .asInt()).isGreaterThan(1005);
        assertThat(ORG.control("GET", "stats", "").path("leadWritesByIntegrationUser").path("leads").asInt()).isZero();
    }

    @Test
    void aLockedRowIsRefusedAndAFaultSpeaksSalesforcesLanguage() {
        String id = ORG.lead("Locked");
        ORG.control("PUT", "settings", "{'rowLock':{'ids':['" + id + "']}}");
        assertThat(error(ORG.call("PATCH", "sobjects/Lead/" + id, "{'Title':'x'}")))
                .isEqualTo("400 UNABLE_TO_LOCK_ROW");
        ORG.control("PUT", "settings", "{'faults':[{'kind':'status','status':503,"
                + "'message':'SERVER_UNAVAILABLE: too many requests','rate':1}]}");
        assertThat(error(ORG.get("limits"))).isEqualTo("503 SERVER_UNAVAILABLE");
    }
}
