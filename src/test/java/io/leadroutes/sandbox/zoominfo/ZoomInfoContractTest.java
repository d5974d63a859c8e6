package io.leadroutes.sandbox.zoominfo;

import static io.leadroutes.sandbox.SandboxClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.ManualTime;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.Tokens;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZoomInfoContractTest {

    private static final World WORLD = StandIn.WORLD;
    private static final ManualTime TIME = new ManualTime();
    private static ZoomInfoServer server;
    private static SandboxClient client;

    @BeforeAll
    static void start() {
        server = ZoomInfoServer.start("127.0.0.1", 0, WORLD, 42, TIME);
        client = new SandboxClient(server.port());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void fresh() {
        client.token("");
        client.post("/_sandbox/reset", "");
        client.token(login());
    }

    // ---- authentication

    @Test
    void passwordLoginWorksAsJsonAndAsForm() {
        client.token("");
        TIME.forward(Duration.ofSeconds(2));
        HttpResponse<String> form = client.send(client.request("/authenticate")
                .header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofString(
                        "username=sandbox%40leadroutes.example&password=sandbox-password")));
        assertThat(form.statusCode()).isEqualTo(200);
        assertThat(json(form).properties()).extracting(Map.Entry::getKey).containsExactly("jwt");
        JsonNode claims = claims(json(form).path("jwt").asText());
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(3_600);
        assertThat(form.headers().firstValue("X-Request-Id")).isPresent();
        assertThat(form.headers().firstValue("X-RateLimit-Limit")).isEmpty();
    }

    @Test
    void pkiLoginAcceptsBothKnownIssuers() throws Exception {
        client.token("");
        PrivateKey key = registeredKey();
        for (String issuer : List.of("api-client@zoominfo.com", "zoominfo-api-auth-client-nodejs")) {
            TIME.forward(Duration.ofSeconds(2));
            HttpResponse<String> answer = pki(jwt(key, claimsOf(issuer, "enterprise_api", Tokens.CLIENT_ID, Tokens.USERNAME,
                    now(), now() + 300)));
            assertThat(answer.statusCode()).as(issuer).isEqualTo(200);
            client.token(json(answer).path("jwt").asText());
            assertThat(client.get("/lookup/usage").statusCode()).isEqualTo(200);
            client.token("");
        }
    }

    @Test
    void pkiLoginIsRefusedForAnythingWrongInTheClientJwt() throws Exception {
        client.token("");
        PrivateKey key = registeredKey();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        String issuer = "api-client@zoominfo.com";
        TIME.forward(Duration.ofHours(1));
        long now = now();
        List<String> bad = List.of(
                jwt(generator.generateKeyPair().getPrivate(),
                        claimsOf(issuer, "enterprise_api", Tokens.CLIENT_ID, Tokens.USERNAME, now, now + 300)),
                jwt(key, claimsOf("somebody", "enterprise_api", Tokens.CLIENT_ID, Tokens.USERNAME, now, now + 300)),
                jwt(key, claimsOf(issuer, "other", Tokens.CLIENT_ID, Tokens.USERNAME, now, now + 300)),
                jwt(key, claimsOf(issuer, "enterprise_api", "other-client", Tokens.USERNAME, now, now + 300)),
                jwt(key, claimsOf(issuer, "enterprise_api", Tokens.CLIENT_ID, "other@user", now, now + 300)),
                jwt(key, claimsOf(issuer, "enterprise_api", Tokens.CLIENT_ID, Tokens.USERNAME, now - 600, now - 300)),
                jwt(key, claimsOf(issuer, "enterprise_api", Tokens.CLIENT_ID, Tokens.USERNAME, now + 900, now + 1_200)),
                "no.jwt", "a.b.c");
        for (String each : bad) {
            TIME.forward(Duration.ofSeconds(2));
            HttpResponse<String> answer = pki(each);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo("Error getting jwt info");
        }
    }

    @Test
    void wrongPasswordIs401AndMissingCredentialsAre400() {
        client.token("");
        TIME.forward(Duration.ofSeconds(2));
        expect(client.post("/authenticate", "{\"username\":\"" + Tokens.USERNAME + "\",\"password\":\"no\"}"), 401,
                "Authentication failed");
        TIME.forward(Duration.ofSeconds(2));
        expect(client.post("/authenticate", ""), 400, "Missing username or password");
        TIME.forward(Duration.ofSeconds(2));
        client.settings("{\"auth\":{\"accountHasRoles\":false}}");
        expect(client.post("/authenticate", goodLogin()), 400, "No roles found for login");
    }

    @Test
    void secondLoginWithinASecondIs429() {
        client.token("");
        expect(client.post("/authenticate", goodLogin()), 429, ApiError.TOO_FAST);
        TIME.forward(Duration.ofSeconds(1));
        assertThat(client.post("/authenticate", goodLogin()).statusCode()).isEqualTo(200);
    }

    @Test
    void missingUnknownExpiredAndRevokedTokensAre401InPlainText() {
        assertThat(client.get("/lookup/usage").statusCode()).isEqualTo(200);
        client.settings("{\"revokeTokens\":true}");
        assertUnauthorized();
        TIME.forward(Duration.ofSeconds(2));
        client.token("");
        String token = login();
        client.token(token);
        TIME.forward(Duration.ofSeconds(3_599));
        assertThat(client.get("/lookup/usage").statusCode()).isEqualTo(200);
        TIME.forward(Duration.ofSeconds(1));
        assertUnauthorized();
        client.token("nonsense");
        assertUnauthorized();
        client.token("");
        assertUnauthorized();
    }

    @Test
    void tokenLifetimeIsASetting() {
        client.settings("{\"tokenLifetimeSeconds\":5}");
        TIME.forward(Duration.ofSeconds(2));
        client.token("");
        client.token(login());
        assertThat(client.get("/lookup/usage").statusCode()).isEqualTo(200);
        TIME.forward(Duration.ofSeconds(5));
        assertUnauthorized();
    }

    // ---- enrich

    @Test
    void enrichEchoesInputsInLowerCaseAndInOrderWithNumbersAsNumbers() {
        Person a = person(p -> !p.email().isEmpty() && !p.optedOut());
        Person b = person(p -> p.id() < 0 && !p.optedOut());
        JsonNode answer = json(enrich("[\"id\",\"firstName\",\"companyName\",\"companyId\"]",
                "{\"emailAddress\":\"" + a.email().toUpperCase() + "\"}", "{\"personId\":" + b.id() + "}"));
        assertThat(answer.path("success").asBoolean()).isTrue();
        assertThat(answer.at("/data/outputFields/0").toString())
                .isEqualTo("[\"id\",\"firstname\",\"companyname\",\"companyid\"]");
        JsonNode first = answer.at("/data/result/0");
        assertThat(first.path("input").toString()).isEqualTo("{\"emailaddress\":\"" + a.email() + "\"}");
        assertThat(first.path("matchStatus").asText()).isEqualTo("FULL_MATCH");
        assertThat(first.at("/data/0/id").asLong()).isEqualTo(a.id());
        assertThat(first.at("/data/0/company/name").asText()).isEqualTo(a.company().name());
        assertThat(first.at("/data/0/company/id").asLong()).isEqualTo(a.company().id());
        assertThat(first.at("/data/0/companyName").isMissingNode()).isTrue();
        JsonNode second = answer.at("/data/result/1");
        assertThat(second.at("/input/personid").isIntegralNumber()).isTrue();
        assertThat(second.at("/data/0/id").asLong()).isEqualTo(b.id());
    }

    @Test
    void everyGrantedFieldIsPresentAndNoneIsNull() {
        ArrayNode names = SandboxClient.JSON.createArrayNode();
        json(client.get("/lookup/outputfields/contact/enrich")).forEach(field -> {
            if (field.path("accessGranted").asText().equals("true")) {
                names.add(field.path("fieldName").asText());
            }
        });
        assertThat(names.size()).isGreaterThan(70);
        for (int i = 0; i < 20; i++) {
            Person person = WORLD.people().get(i * 4_001);
            JsonNode record = json(enrich(names.toString(), "{\"personId\":" + person.id() + "}")).at("/data/result/0/data/0");
            if (person.optedOut()) {
                continue;
            }
            names.forEach(name -> {
                String key = name.asText();
                JsonNode value = key.startsWith("company")
                        ? record.path("company").path(key.substring(7, 8).toLowerCase() + key.substring(8)) : record.path(key);
                assertThat(value.isMissingNode() || value.isNull()).as(key).isFalse();
            });
        }
    }

    @Test
    void companyEnrichDeliversEveryFieldAndTakesAllInputs() {
        ArrayNode names = SandboxClient.JSON.createArrayNode();
        json(client.get("/lookup/outputfields/company/enrich")).forEach(field -> {
            if (field.path("accessGranted").asText().equals("true")) {
                names.add(field.path("fieldName").asText());
            }
        });
        Company company = WORLD.companies().stream().filter(c -> !c.domain().isEmpty() && !c.phone().isEmpty()
                && c.revenueThousands() > 0 && WORLD.companiesNamed(c.name()).size() == 1).findFirst().orElseThrow();
        HttpResponse<String> answer = client.post("/enrich/company", "{\"matchCompanyInput\":[{\"companyId\":" + company.id()
                + "},{\"companyWebsite\":\"https://www." + company.domain() + "/\"},{\"companyName\":\"" + company.name()
                + "\"},{\"companyPhone\":\"" + company.phone() + "\"},{\"ipAddress\":\"" + company.ipPrefix() + "7\"},"
                + "{\"companyName\":\"No Such Company At All\"},{\"companyState\":\"Ohio\"}],\"outputFields\":" + names + "}");
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode results = json(answer).at("/data/result");
        for (int i = 0; i < 5; i++) {
            assertThat(results.at("/" + i + "/data/0/id").asLong()).as("input %d", i).isEqualTo(company.id());
        }
        assertThat(results.at("/0/data/0/revenue").asLong()).isEqualTo(company.revenueThousands());
        names.forEach(name -> assertThat(results.at("/0/data/0").path(name.asText()).isMissingNode()).isFalse());
        assertThat(results.at("/5/matchStatus").asText()).isEqualTo("NO_MATCH");
        assertThat(results.at("/6/matchStatus").asText()).isEqualTo("INVALID_INPUT");
        assertThat(client.stats().at("/credits/uniqueCompanies").asInt()).isEqualTo(1);
    }

    @Test
    void matchStatusesAreTold() {
        Person optedOut = person(Person::optedOut);
        Person unique = person(p -> WORLD.peopleNamed(p.fullName()).size() == 1 && !p.optedOut());
        Person noEmail = person(p -> p.email().isEmpty() && !p.optedOut());
        Company company = WORLD.companies().get(5);
        JsonNode answer = json(enrich("[\"id\",\"companyName\"]",
                "{\"personId\":" + optedOut.id() + "}",
                "{\"fullName\":\"" + unique.fullName() + "\",\"companyName\":\"Unheard Of Anywhere\"}",
                "{\"firstName\":\"Nobody\",\"lastName\":\"Nowhere\",\"companyName\":\"" + company.name() + "\"}",
                "{\"emailAddress\":\"nobody@nowhere.test\"}",
                "{\"firstName\":\"Only\"}",
                "{\"personId\":" + unique.id() + ",\"contactAccuracyScoreMin\":100}",
                "{\"personId\":" + unique.id() + ",\"lastUpdatedDateAfter\":\"2026-12-01\"}",
                "{\"personId\":" + unique.id() + ",\"validDateAfter\":\"12/01/2026\"}"));
        assertThat(statuses(answer)).containsExactly("OPT_OUT", "CONTACT_ONLY_MATCH", "COMPANY_ONLY_MATCH", "NO_MATCH",
                "INVALID_INPUT", "NON_MATCH_BY_CONTACT_ACCURACY_MIN", "NON_MATCH_BY_LAST_UPDATED_DATE",
                "NON_MATCH_BY_VALID_DATE");
        assertThat(answer.at("/data/result/0/data")).isEmpty();
        assertThat(answer.at("/data/result/1/data/0/company/name").asText()).isEmpty();
        assertThat(answer.at("/data/result/2/data/0/id").asText()).isEmpty();
        assertThat(answer.at("/data/result/2/data/0/company/name").asText()).isEqualTo(company.name());
        JsonNode required = json(client.post("/enrich/contact", "{\"matchPersonInput\":[{\"personId\":" + noEmail.id()
                + "}],\"outputFields\":[\"id\"],\"requiredFields\":[\"email\"]}"));
        assertThat(statuses(required)).containsExactly("NON_MATCH_BY_REQUIRED_FIELDS");
        assertThat(required.at("/data/requiredFields").toString()).isEqualTo("[\"email\"]");
    }

    @Test
    void aPersonWhoMovedIsFoundByTheOldAddress() {
        Person moved = person(p -> !p.formerEmail().isEmpty() && !p.optedOut());
        JsonNode record = json(enrich("[\"id\",\"companyId\",\"personHasMoved\",\"employmentHistory\"]",
                "{\"emailAddress\":\"" + moved.formerEmail() + "\"}")).at("/data/result/0/data/0");
        assertThat(record.at("/company/id").asLong()).isEqualTo(moved.company().id());
        assertThat(record.path("personHasMoved").asText()).isEqualTo("Yes");
        assertThat(record.at("/employmentHistory/0/company/companyId").asLong())
                .isEqualTo(moved.formerCompany().orElseThrow().id());
    }

    @Test
    void aPersonIsChargedOnceInTwelveMonths() {
        Person a = person(p -> !p.email().isEmpty() && !p.optedOut());
        String byId = "{\"personId\":" + a.id() + "}";
        enrich("[\"id\"]", byId, "{\"emailAddress\":\"" + a.email() + "\"}", "{\"emailAddress\":\"nobody@nowhere.test\"}");
        HttpResponse<String> again = enrich("[\"id\"]", byId);
        assertThat(client.stats().at("/credits/charged").asInt()).isEqualTo(1);
        assertThat(client.stats().at("/usage/records").asInt()).isEqualTo(3);
        assertThat(client.stats().at("/usage/requests").asInt()).isEqualTo(2);
        assertThat(again.headers().firstValue("X-Usage-Unique-Id-Limit-Remaining")).contains("99999");
        assertThat(again.headers().firstValue("x-usage-record-limit-remaining")).contains("9999997");
        assertThat(client.stats().at("/credits/mostChargesOfOnePerson").asInt()).isEqualTo(1);
        TIME.forward(Duration.ofDays(366));
        client.token("");
        client.token(login());
        enrich("[\"id\"]", byId);
        assertThat(client.stats().at("/credits/charged").asInt()).isEqualTo(2);
        assertThat(client.stats().at("/credits/mostChargesOfOnePerson").asInt()).isEqualTo(2);
    }

    @Test
    void creditsThatRunOutWithinABatchGiveLimitExceededAndBeforeItAnError() {
        List<Person> people = WORLD.people().stream().filter(p -> !p.optedOut()).limit(4).toList();
        client.settings("{\"usage\":{\"uniqueIdLimit\":2}}");
        String[] inputs = people.stream().map(p -> "{\"personId\":" + p.id() + "}").toArray(String[]::new);
        JsonNode answer = json(enrich("[\"id\"]", inputs));
        assertThat(statuses(answer)).containsExactly("FULL_MATCH", "FULL_MATCH", "LIMIT_EXCEEDED", "LIMIT_EXCEEDED");
        assertThat(answer.at("/data/result/2/data")).isEmpty();
        expect(enrich("[\"id\"]", inputs[2], inputs[3]), 400, ApiError.CREDITS_USED_UP);
        assertThat(statuses(json(enrich("[\"id\"]", inputs[0], inputs[3])))).containsExactly("FULL_MATCH", "LIMIT_EXCEEDED");
        assertThat(client.stats().at("/credits/charged").asInt()).isEqualTo(2);
    }

    @Test
    void requestAndRecordLimitsAre403() {
        Person a = person(p -> !p.optedOut());
        client.settings("{\"usage\":{\"recordLimit\":0}}");
        expect(enrich("[\"id\"]", "{\"personId\":" + a.id() + "}"), 403, ApiError.RECORDS_USED_UP);
        client.settings("{\"usage\":{\"requestLimit\":1}}");
        expect(enrich("[\"id\"]", "{\"personId\":" + a.id() + "}"), 403, ApiError.REQUESTS_USED_UP);
        client.settings("{\"usage\":{\"enforced\":false}}");
        assertThat(enrich("[\"id\"]", "{\"personId\":" + a.id() + "}").statusCode()).isEqualTo(200);
    }

    @Test
    void disallowedAndUnknownOutputFieldsFailTheWholeRequestByName() {
        client.settings("{\"disallowedFields\":[\"mobilePhone\"]}");
        HttpResponse<String> answer = enrich("[\"id\",\"mobilePhone\",\"linkedinUrl\"]", "{\"personId\":1}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("success").asBoolean()).isFalse();
        assertThat(json(answer).path("statusCode").asInt()).isEqualTo(400);
        assertThat(json(answer).path("error").asText()).startsWith("OutputFields invalid or disallowed.");
        assertThat(json(answer).path("invalidOutputFields").toString()).isEqualTo("[\"mobilephone\",\"linkedinurl\"]");
        client.settings("{\"disallowedAnswer\":\"403\"}");
        expect(enrich("[\"mobilePhone\"]", "{\"personId\":1}"), 403, ApiError.FIELDS_NOT_ALLOWED);
    }

    @Test
    void badEnrichRequestsGetTheDocumentedTexts() {
        expect(client.post("/enrich/contact", "{\"matchPersonInput\":[{\"personId\":1}]}"), 400, ApiError.NO_OUTPUT_FIELDS);
        expect(client.post("/enrich/contact", "{\"outputFields\":[\"id\"]}"), 400, ApiError.INSUFFICIENT);
        expect(client.post("/enrich/contact", "{\"outputFields\":["), 400, ApiError.BAD_JSON);
        expect(enrich("[\"id\"]", "{\"nonsense\":\"x\"}"), 400, ApiError.INVALID_FIELDS);
        expect(enrich("[\"id\"]", "{\"emailAddress\":5}"), 400, ApiError.INVALID_FIELDS);
        String[] many = new String[26];
        java.util.Arrays.fill(many, "{\"personId\":1}");
        expect(enrich("[\"id\"]", many), 400, ApiError.INVALID_FIELDS);
    }

    @Test
    void accessThatWasTakenAwayIs403() {
        client.settings("{\"deniedEndpoints\":[\"/enrich/contact\",\"/search/company\",\"/lookup/usage\"]}");
        expect(enrich("[\"id\"]", "{\"personId\":1}"), 403, "You do not have access to the enrich endpoint");
        expect(client.post("/search/company", "{}"), 403, "You do not have access to the search endpoint");
        expect(client.get("/lookup/usage"), 403, "You do not have access to this endpoint");
        client.settings("{\"auth\":{\"apiAccess\":false}}");
        expect(enrich("[\"id\"]", "{\"personId\":1}"), 403, ApiError.NO_PERMISSION);
    }

    // ---- search

    @Test
    void contactSearchPagesThroughAllMatchesWithoutContactData() {
        String criteria = "\"managementLevel\":\"C Level Exec\",\"country\":\"Germany\"";
        JsonNode first = json(client.post("/search/contact", "{" + criteria + ",\"rpp\":100}"));
        int total = first.path("maxResults").asInt();
        assertThat(total).isGreaterThan(100);
        assertThat(first.path("totalResults").asInt()).isEqualTo(100);
        assertThat(first.path("currentPage").asInt()).isEqualTo(1);
        assertThat(first.at("/data/0").has("email")).isFalse();
        assertThat(first.at("/data/0/hasEmail").isBoolean()).isTrue();
        int pages = (total + 99) / 100;
        JsonNode last = json(client.post("/search/contact", "{" + criteria + ",\"rpp\":100,\"page\":" + pages + "}"));
        assertThat(last.path("totalResults").asInt()).isEqualTo(total - 100 * (pages - 1));
        expect(client.post("/search/contact", "{" + criteria + ",\"rpp\":100,\"page\":" + (pages + 1) + "}"), 400,
                ApiError.PAGE_TOO_GREAT);
        assertThat(client.stats().at("/credits/charged").asInt()).isZero();
        client.settings("{\"search\":{\"totalResults\":\"overall\"}}");
        assertThat(json(client.post("/search/contact", "{" + criteria + "}")).path("totalResults").asInt()).isEqualTo(total);
    }

    @Test
    void contactSearchByEmailFindsOnePersonAndNeverAnOptedOutOne() {
        Person a = person(p -> !p.email().isEmpty() && !p.optedOut());
        Person out = person(p -> !p.email().isEmpty() && p.optedOut());
        JsonNode found = json(client.post("/search/contact", "{\"emailAddress\":\"" + a.email() + "\"}"));
        assertThat(found.path("maxResults").asInt()).isEqualTo(1);
        assertThat(found.at("/data/0/id").asLong()).isEqualTo(a.id());
        assertThat(json(client.post("/search/contact", "{\"emailAddress\":\"" + out.email() + "\"}"))
                .path("maxResults").asInt()).isZero();
    }

    @Test
    void companySearchFiltersByRangeAndSorts() {
        JsonNode found = json(client.post("/search/company", "{\"employeeRangeMin\":\"500\",\"employeeRangeMax\":\"900\","
                + "\"state\":\"Texas\",\"sortBy\":\"employeeCount\",\"sortOrder\":\"asc\",\"rpp\":100}"));
        List<Integer> employees = new ArrayList<>();
        found.path("data").forEach(item -> employees.add(
                WORLD.companyById(item.path("id").asLong()).orElseThrow().employees()));
        assertThat(employees).isNotEmpty().isSorted().allMatch(count -> count >= 500 && count <= 900);
        assertThat(found.at("/data/0").size()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"country\":\"France\",\"rpp\":101} | Results per page (rpp) is over max allowed value (100)",
        "{\"country\":\"France\",\"rpp\":\"many\"} | Results per page (rpp) is not a number",
        "{\"country\":\"France\",\"page\":\"next\"} | Page number (page) is not a number",
        "{\"country\":\"France\",\"page\":1001} | Total record pagination is over max allowed value (1000)",
        "{\"country\":\"France\",\"sortBy\":\"shoeSize\"} | The parameter passed for sortBy is invalid",
        "{\"rpp\":10} | There is insufficient information for this request",
        "{\"shoeSize\":\"44\"} | There are invalid fields in your request",
        "{\"employeeRangeMin\":500} | There are invalid fields in your request",
        "{\"country\":[\"France\"]} | There are invalid fields in your request",
        "{\"revenueMin\":\"500\"} | There are invalid fields in your request",
        "{\"country\": | Request body has malformed JSON"})
    void badSearchesGetTheDocumentedTexts(String body, String message) {
        expect(client.post("/search/contact", body), 400, message);
        expect(client.post("/search/company", body), 400, message);
    }

    // ---- lookups and headers

    @Test
    void theContractIsThereToRead() throws IOException {
        HttpResponse<String> answer = client.get("/_sandbox/openapi.yaml");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/yaml");
        try (InputStream file = ZoomInfoServer.class.getResourceAsStream("/contract/zoominfo.openapi.yaml")) {
            assertThat(answer.body().getBytes(StandardCharsets.UTF_8)).isEqualTo(file.readAllBytes());
        }
    }

    @Test
    void lookupsTellFieldsAndUsage() {
        JsonNode inputs = json(client.get("/lookup/inputfields/contact/search"));
        assertThat(inputs.get(0).path("accessGranted").isTextual()).isTrue();
        Map<String, String> types = new HashMap<>();
        inputs.forEach(field -> types.put(field.path("fieldName").asText(), field.path("fieldType").asText()));
        assertThat(types).hasSize(87).containsEntry("companyTicker", "Array").containsEntry("revenueMin", "Integer")
                .containsEntry("employeeRangeMin", "String").containsEntry("rpp", "Integer");
        JsonNode outputs = json(client.get("/lookup/outputfields/contact/enrich"));
        assertThat(outputs.get(0).has("fieldType")).isFalse();
        outputs.forEach(field -> assertThat(field.path("accessGranted").asText()).as(field.path("fieldName").asText())
                .isEqualTo(List.of("techSkills", "engagements").contains(field.path("fieldName").asText()) ? "false" : "true"));
        JsonNode usage = json(client.get("/lookup/usage")).path("usage");
        assertThat(usage).hasSize(5);
        assertThat(usage.at("/2/limitType").asText()).isEqualTo("uniqueIdLimit");
        assertThat(usage.at("/2/limit").asLong()).isEqualTo(100_000);
        client.settings("{\"usage\":{\"limitName\":\"totalLimit\"},\"lookup\":{\"accessGranted\":\"boolean\"}}");
        assertThat(json(client.get("/lookup/usage")).at("/usage/0/totalLimit").isNumber()).isTrue();
        assertThat(json(client.get("/lookup/outputfields/contact/enrich")).at("/0/accessGranted").isBoolean()).isTrue();
        HttpResponse<String> answer = client.get("/lookup/usage");
        assertThat(answer.headers().firstValue("X-RateLimit-Limit")).isEmpty();
        assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
        assertThat(client.get("/lookup/inputfields/unicorn/search").statusCode()).isEqualTo(404);
        assertThat(json(client.get("/search/person")).path("statusCode").asInt()).isEqualTo(404);
    }

    @Test
    void everyMeteredAnswerCarriesTheHeadersOfTheOverview() {
        HttpResponse<String> answer = enrich("[\"id\"]", "{\"personId\":1}");
        assertThat(answer.headers().map().keySet()).map(String::toLowerCase).contains("x-request-id", "x-ratelimit-limit",
                "x-ratelimit-remaining", "x-ratelimit-reset", "x-usage-record-limit-limit", "x-usage-record-limit-remaining",
                "x-usage-request-limit-limit", "x-usage-request-limit-remaining", "x-usage-unique-id-limit-limit",
                "x-usage-unique-id-limit-remaining", "x-usage-websights-api-record-limit-limit",
                "x-usage-websights-api-record-limit-remaining", "x-usage-websights-api-request-limit-limit",
                "x-usage-websights-api-request-limit-remaining");
        assertThat(answer.headers().firstValue("X-RateLimit-Limit")).contains("1500");
        assertThat(answer.headers().firstValue("X-RateLimit-Remaining")).contains("1499");
    }

    // ---- rate limit, over HTTP and with a time of its own

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "sliding-log", "sliding-counter"})
    void twentySixthCallInASecondIs429AndDoesNotCount(String model) {
        TIME.forward(Duration.ofSeconds(120));
        client.settings("{\"windowModel\":\"" + model + "\"}");
        for (int i = 0; i < 25; i++) {
            assertThat(enrich("[\"id\"]", "{\"personId\":1}").statusCode()).isEqualTo(200);
        }
        HttpResponse<String> rejected = enrich("[\"id\"]", "{\"personId\":1}");
        expect(rejected, 429, ApiError.TOO_FAST);
        assertThat(rejected.headers().firstValue("X-RateLimit-Remaining")).contains("1475");
        TIME.forward(Duration.ofSeconds(2));
        assertThat(enrich("[\"id\"]", "{\"personId\":1}").statusCode()).isEqualTo(200);
        assertThat(client.stats().path("rateLimited").asInt()).isEqualTo(1);
        assertThat(client.stats().at("/peak/perSecond").asInt()).isEqualTo(26);
        assertThat(client.stats().at("/acceptedPeak/standardPerSecond").asInt()).isEqualTo(25);
        assertThat(client.stats().at("/callsByOperation/~1enrich~1contact/429").asInt()).isEqualTo(1);
        client.settings("{\"limits\":{\"enforced\":false}}");
        for (int i = 0; i < 60; i++) {
            assertThat(enrich("[\"id\"]", "{\"personId\":1}").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void lookupsCountForTheRate() {
        client.settings("{\"limits\":{\"standard\":{\"perSecond\":2}}}");
        TIME.forward(Duration.ofSeconds(2));
        assertThat(client.get("/lookup/usage").statusCode()).isEqualTo(200);
        assertThat(client.get("/lookup/usage").statusCode()).isEqualTo(200);
        expect(client.get("/lookup/usage"), 429, ApiError.TOO_FAST);
    }

    // ---- control

    @Test
    void statisticsTellBatchFillAndTokens() {
        enrich("[\"id\"]", "{\"personId\":1}", "{\"personId\":2}", "{\"personId\":3}");
        enrich("[\"id\"]", "{\"personId\":1}");
        assertThat(client.stats().at("/enrich/meanInputsPerCall").asDouble()).isEqualTo(2.0);
        assertThat(client.stats().path("tokensIssued").asInt()).isEqualTo(1);
    }

    @Test
    void callLogTellsArrivalStatusRequestIdAndIds() throws IOException {
        Person a = person(p -> !p.optedOut());
        HttpResponse<String> answer = client.send(client.request("/enrich/contact").header("X-Request-Id", "mine")
                .POST(HttpRequest.BodyPublishers.ofString("{\"matchPersonInput\":[{\"personId\":" + a.id()
                        + "}],\"outputFields\":[\"id\"]}")));
        String[] lines = client.get("/_sandbox/calls?path=/enrich/contact").body().split("\n");
        JsonNode line = SandboxClient.JSON.readTree(lines[lines.length - 1]);
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("method").asText()).isEqualTo("POST");
        assertThat(line.path("arrivalNanos").asLong()).isEqualTo(TIME.nanos());
        assertThat(line.path("requestId").asText()).isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
        assertThat(line.path("clientRequestId").asText()).isEqualTo("mine");
        assertThat(line.path("ids").toString()).isEqualTo("[\"" + a.id() + "\"]");
    }

    @Test
    void settingsMergeAndRefuseUnknownKeysNamingTheNearest() {
        HttpResponse<String> wrong = client.settings("{\"windowModle\":\"fixed\",\"tokenLifetimeSeconds\":1}");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(json(wrong).path("error").asText()).contains("windowModle").contains("'windowModel'");
        assertThat(client.settings("{\"limits\":{\"standard\":{\"perSecond\":-1}}}").statusCode()).isEqualTo(400);
        assertThat(client.settings("{\"faults\":[{\"kind\":\"flood\",\"rate\":1}]}").body()).contains("reset, truncate");
        assertThat(client.settings("nonsense").statusCode()).isEqualTo(400);
        client.settings("{\"limits\":{\"standard\":{\"perSecond\":7}}}");
        JsonNode now = json(client.get("/_sandbox/settings"));
        assertThat(now.at("/limits/standard/perSecond").asInt()).isEqualTo(7);
        assertThat(now.at("/limits/standard/perMinute").asInt()).isEqualTo(1_500);
        assertThat(now.path("tokenLifetimeSeconds").asInt()).isEqualTo(3_600);
    }

    @Test
    void resetBringsBackTheInitialState() {
        enrich("[\"id\"]", "{\"personId\":" + person(p -> !p.optedOut()).id() + "}");
        client.settings("{\"windowModel\":\"fixed\",\"latency\":3}");
        client.post("/_sandbox/reset", "");
        JsonNode stats = client.stats();
        assertThat(stats.path("calls").asInt()).isZero();
        assertThat(stats.at("/credits/charged").asInt()).isZero();
        assertThat(stats.path("tokensIssued").asInt()).isZero();
        assertThat(json(client.get("/_sandbox/settings")).path("windowModel").asText()).isEqualTo("sliding-log");
        assertThat(json(client.get("/_sandbox/settings")).path("latency").asInt()).isZero();
        assertUnauthorized();
    }

    @Test
    void statusFaultHitsTheListedCallsOfItsPathOnly() {
        client.settings("{\"faults\":[{\"kind\":\"status\",\"status\":500,\"path\":\"/enrich/contact\",\"calls\":[2]}]}");
        assertThat(enrich("[\"id\"]", "{\"personId\":1}").statusCode()).isEqualTo(200);
        assertThat(client.get("/lookup/usage").statusCode()).isEqualTo(200);
        expect(enrich("[\"id\"]", "{\"personId\":1}"), 500, ApiError.UNEXPECTED);
        assertThat(enrich("[\"id\"]", "{\"personId\":1}").statusCode()).isEqualTo(200);
        client.settings("{\"faults\":[{\"kind\":\"status\",\"status\":403,\"message\":\"own words\",\"rate\":1}]}");
        expect(client.get("/lookup/usage"), 403, "own words");
    }

    @Test
    void rateFaultIsRepeatable() {
        String fault = "{\"limits\":{\"enforced\":false},\"faults\":[{\"kind\":\"status\",\"status\":503,\"rate\":0.3}]}";
        List<Integer> first = new ArrayList<>();
        List<Integer> second = new ArrayList<>();
        client.settings(fault);
        for (int i = 0; i < 50; i++) {
            first.add(client.get("/lookup/usage").statusCode());
        }
        client.settings(fault);
        for (int i = 0; i < 50; i++) {
            second.add(client.get("/lookup/usage").statusCode());
        }
        assertThat(second).isEqualTo(first).contains(200, 503);
    }

    @Test
    void resetFaultCutsTheConnectionBeforeOrAfterTheEffect() {
        String input = "{\"personId\":" + person(p -> !p.optedOut()).id() + "}";
        client.settings("{\"faults\":[{\"kind\":\"reset\",\"rate\":1,\"path\":\"/enrich/contact\"}]}");
        assertThatThrownBy(() -> enrich("[\"id\"]", input)).hasRootCauseInstanceOf(IOException.class);
        assertThat(client.stats().at("/credits/charged").asInt()).isZero();
        client.settings("{\"faults\":[{\"kind\":\"reset\",\"rate\":1,\"processed\":true,\"path\":\"/enrich/contact\"}]}");
        assertThatThrownBy(() -> enrich("[\"id\"]", input)).hasRootCauseInstanceOf(IOException.class);
        assertThat(client.stats().at("/credits/charged").asInt()).isEqualTo(1);
    }

    @Test
    void bodyFaultsTruncateBreakAndSlowTheBody() {
        client.settings("{\"faults\":[{\"kind\":\"truncate\",\"rate\":1}]}");
        assertThatThrownBy(() -> client.get("/lookup/usage")).hasRootCauseInstanceOf(IOException.class);
        client.settings("{\"faults\":[{\"kind\":\"malformed-json\",\"rate\":1}]}");
        HttpResponse<String> broken = client.get("/lookup/usage");
        assertThat(broken.statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> SandboxClient.JSON.readTree(broken.body())).isInstanceOf(IOException.class);
        client.settings("{\"faults\":[{\"kind\":\"slow-body\",\"rate\":1,\"durationMs\":50}]}");
        assertThat(json(client.get("/lookup/usage")).path("usage")).hasSize(5);
        assertThat(client.get("/_sandbox/calls").body()).contains("\"fault\":\"truncate\"", "\"fault\":\"slow-body\"");
    }

    // ---- helpers

    private static String login() {
        TIME.forward(Duration.ofSeconds(2));
        return json(client.post("/authenticate", goodLogin())).path("jwt").asText();
    }

    private static String goodLogin() {
        return "{\"username\":\"" + Tokens.USERNAME + "\",\"password\":\"" + Tokens.PASSWORD + "\"}";
    }

    private static HttpResponse<String> enrich(String outputFields, String... inputs) {
        return client.post("/enrich/contact",
                "{\"matchPersonInput\":[" + String.join(",", inputs) + "],\"outputFields\":" + outputFields + "}");
    }

    private static Person person(Predicate<Person> wanted) {
        return WORLD.people().stream().filter(wanted).findFirst().orElseThrow();
    }

    private static List<String> statuses(JsonNode answer) {
        List<String> statuses = new ArrayList<>();
        answer.at("/data/result").forEach(result -> statuses.add(result.path("matchStatus").asText()));
        return statuses;
    }

    private static void expect(HttpResponse<String> answer, int status, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("error").asText()).isEqualTo(message);
        assertThat(json(answer).path("statusCode").asInt()).isEqualTo(status);
        assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
    }

    private static void assertUnauthorized() {
        HttpResponse<String> answer = client.get("/lookup/usage");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).isEqualTo("Unauthorized");
    }

    private static HttpResponse<String> pki(String jwt) {
        return client.send(client.request("/authenticate").header("Authorization", "Bearer " + jwt)
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    }

    private static long now() {
        return TIME.now().getEpochSecond();
    }

    private static PrivateKey registeredKey() throws Exception {
        String pem = json(client.get("/_sandbox/credentials")).path("privateKey").asText();
        assertThat(pem).startsWith("-----BEGIN PRIVATE KEY-----\n");
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    private static ObjectNode claimsOf(String issuer, String audience, String clientId, String username, long iat, long exp) {
        return SandboxClient.JSON.createObjectNode().put("iss", issuer).put("aud", audience).put("client_id", clientId)
                .put("username", username).put("iat", iat).put("exp", exp);
    }

    private static String jwt(PrivateKey key, ObjectNode claims) throws Exception {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String head = encoder.encodeToString("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(claims.toString().getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(head.getBytes(StandardCharsets.US_ASCII));
        return head + "." + encoder.encodeToString(signature.sign());
    }

    private static JsonNode claims(String jwt) {
        try {
            return SandboxClient.JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
