package io.leadroutes.crm.salesforce;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A database, a bus and a REST API on free ports; handed to fields of a test by their type. */
public class SalesforceTestBench implements QuarkusTestResourceLifecycleManager {

    private EmbeddedPostgres postgres;
    private FakePubSub bus;
    private WireMockServer rest;

    @Override
    public Map<String, String> start() {
        try {
            postgres = EmbeddedPostgres.builder().start();
            bus = new FakePubSub(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rest = new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("localhost"));
        rest.start();
        logIn(rest);
        return Map.of("database.url", postgres.getJdbcUrl("postgres", "postgres"),
                "salesforce.login-url", rest.baseUrl(),
                "salesforce.pubsub.port", Integer.toString(bus.port()));
    }

    static void logIn(WireMockServer rest) {
        rest.stubFor(any(anyUrl()).atPriority(10).willReturn(aResponse().withStatus(404)));
        rest.stubFor(post(urlPathEqualTo("/services/oauth2/token")).willReturn(okJson("""
                {"access_token":"token","instance_url":"%s","id":"%s/id/00DSb0000000001MAA/005Sb0000000099IAA",
                 "token_type":"Bearer","issued_at":"1","signature":"s"}""".formatted(rest.baseUrl(), rest.baseUrl()))));
    }

    @Override
    public void stop() {
        if (rest != null) {
            rest.stop();
        }
        if (bus != null) {
            bus.close();
        }
        if (postgres != null) {
            try {
                postgres.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(bus, new TestInjector.MatchesType(FakePubSub.class));
        injector.injectIntoFields(rest, new TestInjector.MatchesType(WireMockServer.class));
    }
}
