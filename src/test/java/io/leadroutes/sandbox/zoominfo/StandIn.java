package io.leadroutes.sandbox.zoominfo;

import static io.leadroutes.sandbox.SandboxClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.ManualTime;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.Tokens;
import java.net.http.HttpResponse;
import java.util.function.Predicate;

/** The ZoomInfo stand-in with a client that has logged in; no limit on the rate unless a test sets one. */
public final class StandIn implements AutoCloseable {

    /** It takes a second to make; for all tests that change nothing in it. */
    public static final World WORLD = World.of(42);

    private final ZoomInfoServer server = ZoomInfoServer.start("127.0.0.1", 0, WORLD, 42, new ManualTime());
    public final SandboxClient client = new SandboxClient(server.port());

    /** Initial state and a fresh token. */
    public void reset() {
        client.token("");
        client.post("/_sandbox/reset", "");
        client.settings("{\"limits\":{\"enforced\":false}}");
        client.token(json(client.post("/authenticate", "{\"username\":\"" + Tokens.USERNAME + "\",\"password\":\""
                + Tokens.PASSWORD + "\"}")).path("jwt").asText());
    }

    /** The answer to a call that succeeds. */
    public JsonNode post(String path, String body) {
        HttpResponse<String> answer = client.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    public JsonNode get(String path) {
        HttpResponse<String> answer = client.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    /** A counter below {@code usage} or {@code credits} of the statistics. */
    public long used(String pointer) {
        return client.stats().at(pointer).asLong();
    }

    public static Company company(Predicate<Company> wanted) {
        return WORLD.companies().stream().filter(wanted).findFirst().orElseThrow();
    }

    public static Person person(Predicate<Person> wanted) {
        return WORLD.people().stream().filter(wanted).findFirst().orElseThrow();
    }

    public static void expectError(HttpResponse<String> answer, int status, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("error").asText()).isEqualTo(message);
    }

    @Override
    public void close() {
        server.close();
    }
}
