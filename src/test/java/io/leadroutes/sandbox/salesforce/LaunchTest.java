package io.leadroutes.sandbox.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.sandbox.SandboxLauncher;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class LaunchTest {

    @Test
    void theLauncherStartsItOnThePortsOfTheConfiguration() throws Exception {
        String port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = Integer.toString(free.getLocalPort());
        }
        try (SandboxLauncher launcher = SandboxLauncher.startIfWanted(config(port, "2.5"))) {
            String settings = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + port + "/_sandbox/settings")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
            assertThat(settings).contains("\"sampleLeadsPerSecond\":2.5");
            // A port that is taken is told, not hidden.
            assertThatThrownBy(() -> SandboxLauncher.startIfWanted(config(port, "false")))
                    .hasMessageContaining("cannot listen").hasMessageContaining(port);
        }
    }

    @Test
    void aRateOfNoUseIsRefused() {
        assertThatThrownBy(() -> SandboxLauncher.startIfWanted(config("0", "many")))
                .hasMessageContaining("sandbox.sample-leads").hasMessageContaining("many");
    }

    private static Config config(String port, String rate) {
        return new SmallRyeConfigBuilder().withDefaultValue("sandbox.start", "true")
                .withDefaultValue("sandbox.zoominfo.port", "0").withDefaultValue("sandbox.salesforce.port", port)
                .withDefaultValue("sandbox.salesforce.pubsub-port", "0")
                .withDefaultValue("sandbox.sample-leads", rate).build();
    }
}
