package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.zoominfo.FakeZoomInfo.Answer;
import io.leadroutes.zoominfo.FakeZoomInfo.Call;
import io.leadroutes.zoominfo.pacing.PacingFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each Kamelet sends, and through which tier. */
class KameletCallsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Object> COMPANY = Map.of("companyId", "2000001");
    private static final Map<String, Object> HOOK = Map.of("id", "967763288", "title", "changes");

    private record Case(String kamelet, Object body, String tier, String method, String uri, String sent) {
    }

    private static Case standard(String kamelet, Object body, String method, String uri, String sent) {
        return new Case(kamelet, body, "standard", method, uri, sent);
    }

    private static Case scaling(String kamelet, Object body, String method, String uri, String sent) {
        return new Case(kamelet, body, "scaling", method, uri, sent);
    }

    private static final List<Case> CASES = List.of(
            standard("search-contact?resultsPerPage=5&page=2&sortBy=lastName&sortOrder=asc", Map.of("jobTitle", "CTO"),
                    "POST", "/search/contact",
                    "{'jobTitle':'CTO','page':2,'rpp':5,'sortBy':'lastName','sortOrder':'asc'}"),
            standard("search-company", Map.of("companyName", "Example", "rpp", 7), "POST", "/search/company",
                    "{'companyName':'Example','page':1,'rpp':7}"),
            standard("search-scoop", Map.of("scoopType", "6"), "POST", "/search/scoop",
                    "{'scoopType':'6','page':1,'rpp':25}"),
            standard("search-news", "{\"categories\":[\"PERSON\"]}", "POST", "/search/news",
                    "{'categories':['PERSON'],'page':1,'rpp':25}"),
            standard("search-intent", Map.of("topics", List.of("CRM")), "POST", "/search/intent",
                    "{'topics':['CRM'],'page':1,'rpp':25}"),
            standard("enrich-contact?outputFields=id&requiredFields=phone", Map.of("personId", 1), "POST",
                    "/enrich/contact", "{'matchPersonInput':[{'personId':1}],'outputFields':['id'],'requiredFields':['phone']}"),
            standard("enrich-company?outputFields=id", COMPANY, "POST", "/enrich/company",
                    "{'matchCompanyInput':[{'companyId':'2000001'}],'outputFields':['id']}"),
            standard("enrich-company-master?outputFields=zi_c_name", List.of(Map.of("zi_c_url", "example.com")), "POST",
                    "/enrich/company-master", "{'matchCompanyInput':[{'zi_c_url':'example.com'}],'outputFields':['zi_c_name']}"),
            standard("enrich-corporatehierarchy?outputFields=familyTree", COMPANY, "POST", "/enrich/corporatehierarchy",
                    "{'matchCompanyInput':[{'companyId':'2000001'}],'outputFields':['familyTree']}"),
            standard("enrich-orgchart", COMPANY, "POST", "/enrich/orgchart",
                    "{'companyId':'2000001','department':'c-suite'}"),
            standard("enrich-location", COMPANY, "POST", "/enrich/location", "{'companyId':'2000001'}"),
            standard("enrich-tech", COMPANY, "POST", "/enrich/tech", "{'companyId':'2000001'}"),
            standard("enrich-hashtag", COMPANY, "POST", "/enrich/hashtag", "{'companyId':'2000001'}"),
            standard("enrich-intent?findRecommendedContacts=false", COMPANY, "POST", "/enrich/intent",
                    "{'companyId':'2000001','findRecommendedContacts':false,'page':1,'rpp':25}"),
            standard("enrich-news?limit=3", COMPANY, "POST", "/enrich/news",
                    "{'companyId':'2000001','limit':3,'page':1}"),
            standard("enrich-scoop?sortBy=originalPublishedDate", COMPANY, "POST", "/enrich/scoop",
                    "{'companyId':'2000001','page':1,'rpp':25,'sortBy':'originalPublishedDate'}"),
            standard("enrich-ip?outputFields=name", Map.of("ipAddress", "2001:db8::7"), "POST", "/enrich/ip",
                    "{'ipAddress':'2001:db8::7','outputFields':['name']}"),
            standard("compliance", List.of(Map.of("personId", 1)), "POST", "/compliance",
                    "{'matchPersonInput':[{'personId':1}]}"),
            standard("lookup-inputfields?object=news&operation=search", null, "GET", "/lookup/inputfields/news/search", ""),
            standard("lookup-outputfields?object=scoop", "ignored", "GET", "/lookup/outputfields/scoop/enrich", ""),
            standard("lookup-enumeration?enumeration=industry", null, "GET", "/lookup/industry", ""),
            standard("lookup-enumeration?enumeration=tech/product&vendor=RAW(A&B Co)&category=CRM", null, "GET",
                    "/lookup/tech/product?category=CRM&vendor=A%26B%20Co", ""),
            standard("usage", null, "GET", "/lookup/usage", ""),
            scaling("webhook-create", Map.of("title", "changes"), "POST", "/webhooks", "{'title':'changes'}"),
            scaling("webhook-list", null, "GET", "/webhooks", ""),
            scaling("webhook-get", HOOK, "GET", "/webhooks/967763288", ""),
            scaling("webhook-update", HOOK, "PUT", "/webhooks/967763288", "{'title':'changes'}"),
            scaling("webhook-delete", HOOK, "DELETE", "/webhooks/967763288", ""),
            scaling("webhook-validate", Map.of("targetUrl", "https://example.com/hook"), "POST", "/webhooks/validate",
                    "{'targetUrl':'https://example.com/hook'}"),
            scaling("webhook-rotate-token", HOOK, "POST", "/webhooks/967763288/token", "{}"),
            scaling("webhook-subscriptiontypes", null, "GET", "/webhooks/subscriptiontypes", ""),
            scaling("bulk-search-contact", Map.of("jobTitle", "CTO"), "POST", "/bulk/search/contact",
                    "{'query':{'jobTitle':'CTO'},'jobType':'preview'}"),
            scaling("bulk-search-company?jobType=redeem&outputFields=id", Map.of("companyName", "Example"), "POST",
                    "/bulk/search/company", "{'query':{'companyName':'Example'},'jobType':'redeem','outputFields':['id']}"),
            scaling("bulk-enrich-contact?outputFields=id", IntStream.range(0, 26).mapToObj(i -> Map.of("personId", i))
                    .toList(), "POST", "/bulk/enrich/contact", "{'matchPersonInput':["
                    + IntStream.range(0, 26).mapToObj(i -> "{'personId':" + i + "}").collect(Collectors.joining(","))
                    + "],'outputFields':['id']}"),
            scaling("bulk-enrich-company?outputFields=id", COMPANY, "POST", "/bulk/enrich/company",
                    "{'matchCompanyInput':[{'companyId':'2000001'}],'outputFields':['id']}"),
            scaling("bulk-job-status", Map.of("jobId", "ab12"), "POST", "/bulk/job/status", "{'jobId':'ab12'}"),
            scaling("bulk-job-results", Map.of("jobId", "ab12"), "POST", "/bulk/job/results", "{'jobId':'ab12'}"));

    private ZoomInfoRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new ZoomInfoRig(PacingFixture.memory(), "0");
        rig.zoomInfo.behave(call -> {
            if (call.path().startsWith("/lookup/outputfields/")) {
                return Answer.json(200, Stream.of("id", "name", "zi_c_name", "familyTree")
                        .map(name -> "{\"fieldName\":\"" + name + "\"}").collect(Collectors.joining(",", "[", "]")));
            }
            return FakeZoomInfo.usual(call);
        });
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void everyKameletSendsItsRequestThroughItsTier() throws Exception {
        Set<String> tried = new TreeSet<>();
        for (Case one : CASES) {
            String name = "zoominfo-" + one.kamelet.replaceAll("\\?.*", "") + "-action";
            tried.add(name);
            String uri = "kamelet:" + one.kamelet.replaceFirst("^[^?]*", name);
            double counted = counted(one);

            Exchange answer = rig.send(uri, one.body);

            assertThat(answer.getException()).as(one.kamelet).isNull();
            List<Call> calls = rig.zoomInfo.calls();
            Call call = calls.get(calls.size() - 1);
            assertThat(call.uri()).as(one.kamelet).isEqualTo(one.uri);
            assertThat(call.method()).as(one.kamelet).isEqualTo(one.method);
            assertThat(JSON.readTree(call.body())).as(one.kamelet).isEqualTo(JSON.readTree(one.sent.replace('\'', '"')));
            assertThat(counted(one)).as(one.kamelet).isEqualTo(counted + 1);
        }
        try (Stream<Path> files = Files.list(Path.of("routes/kamelets"))) {
            assertThat(tried).containsExactlyInAnyOrderElementsOf(files.map(file -> file.getFileName().toString()
                    .replace(".kamelet.yaml", "")).filter(name -> name.startsWith("zoominfo-")).toList());
        }
    }

    private double counted(Case one) {
        String operation = one.uri.substring(1).replaceAll("\\?.*", "").replace("967763288", "{id}");
        return rig.meters.counter("leadroutes.zoominfo.calls", "tier", one.tier, "operation", operation, "status", "200")
                .count();
    }

    @Test
    void theIdOfAWebhookMayComeByHeaderAndIsANumber() {
        assertThat(rig.send("kamelet:zoominfo-webhook-update-action", Map.of("enabled", true),
                Map.of("ZoomInfoWebhookId", "12")).getException()).isNull();
        assertThat(rig.zoomInfo.calls("/webhooks/12")).extracting(Call::body).containsExactly("{\"enabled\":true}");

        int before = rig.zoomInfo.calls().size();
        for (String id : List.of("", "1/token", "1?x=2", "..", "abc")) {
            assertThat(rig.send("kamelet:zoominfo-webhook-delete-action", Map.of("id", id)).getException()).as(id)
                    .isInstanceOfSatisfying(ZoomInfoException.class,
                            e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.INVALID_REQUEST));
        }
        assertThat(rig.zoomInfo.calls()).hasSize(before);
    }

    @Test
    void aQueryFromOutsideReachesNoCall() {
        Exchange answer = rig.send("kamelet:zoominfo-lookup-enumeration-action?enumeration=country", null,
                Map.of("CamelHttpQuery", "a=b", "camelhttprawquery", "c=d"));

        assertThat(answer.getException()).isNull();
        assertThat(rig.zoomInfo.calls()).extracting(Call::uri).containsExactly("/authenticate", "/lookup/country");
    }

    @Test
    void aFailedCallToAWebhookIsRepeatedWithItsId() throws Exception {
        rig.loadYaml("""
                - route:
                    id: caller
                    routeConfigurationId: zoominfo-caller
                    from:
                      uri: direct:caller
                      steps:
                        - to:
                            uri: kamelet:zoominfo-webhook-update-action
                """);
        rig.zoomInfo.behave(call -> call.path().startsWith("/webhooks") && rig.zoomInfo.calls(call.path()).size() < 3
                ? Answer.json(503, "{\"error\":\"busy\"}") : FakeZoomInfo.usual(call));

        assertThat(rig.send("direct:caller", HOOK).getException()).isNull();

        assertThat(rig.zoomInfo.calls("/webhooks/967763288")).extracting(Call::body)
                .containsExactly("{\"title\":\"changes\"}", "{\"title\":\"changes\"}", "{\"title\":\"changes\"}");
    }

    @Test
    void theAnswerOfAWebhooksTargetIsNoFailureOfZoomInfo() {
        rig.zoomInfo.behave(call -> call.path().equals("/webhooks/validate")
                ? Answer.json(200, "{\"message\":\"Not Found\",\"success\":false,\"responseCode\":404}")
                : FakeZoomInfo.usual(call));

        Exchange answer = rig.send("kamelet:zoominfo-webhook-validate-action", Map.of("targetUrl", "https://example.com"));

        assertThat(answer.getException()).isNull();
        assertThat(answer.getMessage().getBody(Map.class)).containsEntry("responseCode", 404);
    }
}
