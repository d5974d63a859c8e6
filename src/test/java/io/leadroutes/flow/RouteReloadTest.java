package io.leadroutes.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteReloadTest {

    private static RouteLint lint;

    @TempDir
    Path directory;

    private Path routes;
    private DefaultCamelContext context;
    private ProducerTemplate template;
    private RouteReload reload;

    @BeforeAll
    static void readSchema() {
        lint = new RouteLint(RouteReloadTest.class.getClassLoader(), key -> false, new KnownTexts());
    }

    @BeforeEach
    void start() throws Exception {
        routes = directory.resolve("routes");
        save("shared/failures.camel.yaml", configuration("failed"));
        save("kamelets/greet-action.kamelet.yaml", kamelet("Hello"));
        save("intake/answer.camel.yaml", answering("answer", "one"));
        save("intake/other.camel.yaml", answering("other", "other"));
        save("intake/greet.camel.yaml", calling("greet", "kamelet:greet-action"));
        context = new DefaultCamelContext();
        context.disableJMX();
        context.getComponent("kamelet", org.apache.camel.component.kamelet.KameletComponent.class)
                .setLocation("file:" + routes.resolve("kamelets"));
        for (String file : List.of("shared/failures", "intake/answer", "intake/other", "intake/greet")) {
            Path path = routes.resolve(file + ".camel.yaml");
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(RouteTrial.resource(RouteFolder.name(path), Files.readString(path)));
        }
        context.start();
        template = context.createProducerTemplate();
        RouteFolder folder = RouteFolder.read(routes);
        List<Finding> findings = lint.lint(folder);
        assertThat(findings).as(RouteLint.report(findings)).noneMatch(Finding::isError);
        reload = new RouteReload(context, lint, folder, findings, Clock.systemUTC());
    }

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    @Test
    void aChangedLiteralIsInForce() throws IOException {
        saveAndApply("intake/answer.camel.yaml", answering("answer", "two"));

        assertThat(ask("answer")).isEqualTo("two");
    }

    @Test
    void aFileThatIsNoYamlIsRefusedAndTheOldRouteGoesOn() throws IOException {
        saveAndApply("intake/answer.camel.yaml", "- route: [");

        assertThat(ask("answer")).isEqualTo("one");
        assertThat(refused("intake/answer.camel.yaml")).extracting(Finding::code).containsExactly(Code.R01);
    }

    @Test
    void anUnknownComponentOptionOrKameletIsRefusedAndTheOldRouteGoesOn() throws IOException {
        Map<String, Code> faults = Map.of("nosuch:x", Code.R05, "kamelet:greeet-action", Code.R09, "log:x?levell=INFO",
                Code.R06);
        for (Map.Entry<String, Code> fault : faults.entrySet()) {
            saveAndApply("intake/greet.camel.yaml", calling("greet", fault.getKey()));

            assertThat(ask("greet")).isEqualTo("Hello");
            assertThat(refused("intake/greet.camel.yaml")).extracting(Finding::code).contains(fault.getValue());
        }
    }

    @Test
    void whatOnlyCreationFindsIsRefusedBeforeTheOldRouteEnds() throws IOException {
        String text = answering("answer", "two").replace("- setBody:", "- process:\n            ref: nobody\n        - setBody:");
        org.apache.camel.Route before = context.getRoute("answer");

        saveAndApply("intake/answer.camel.yaml", text);

        assertThat(refused("intake/answer.camel.yaml")).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(Code.R16);
            assertThat(finding.because()).contains("nobody");
        });
        assertThat(context.getRoute("answer")).isSameAs(before);
        assertThat(ask("answer")).isEqualTo("one");
    }

    @Test
    void aMissingBeanOfAKameletIsFoundBeforeItsUserEnds() throws IOException {
        saveAndApply("kamelets/greet-action.kamelet.yaml", kamelet("Hi").replace("- setBody:",
                "- process:\n            ref: nobody\n        - setBody:"));

        assertThat(ask("greet")).isEqualTo("Hello");
        assertThat(refused("kamelets/greet-action.kamelet.yaml")).extracting(Finding::code).containsExactly(Code.R16);
    }

    @Test
    void aRepairedFileIsTaken() throws IOException {
        saveAndApply("intake/answer.camel.yaml", "- route: [");
        saveAndApply("intake/answer.camel.yaml", answering("answer", "three"));

        assertThat(ask("answer")).isEqualTo("three");
        assertThat(refused("intake/answer.camel.yaml")).isEmpty();
    }

    @Test
    void aFilePutBackToItsOldTextIsInOrderAgain() throws IOException {
        saveAndApply("intake/answer.camel.yaml", "- route: [");
        saveAndApply("intake/answer.camel.yaml", answering("answer", "one"));

        assertThat(status("intake/answer.camel.yaml").state()).isEqualTo(FileStatus.State.IN_FORCE);
        assertThat(ask("answer")).isEqualTo("one");
    }

    @Test
    void aNewFileRuns() throws IOException {
        saveAndApply("intake/fresh.camel.yaml", answering("fresh", "new"));

        assertThat(ask("fresh")).isEqualTo("new");
    }

    @Test
    void theRoutesOfADeletedFileEnd() throws IOException {
        Files.delete(routes.resolve("intake/other.camel.yaml"));
        reload.apply(RouteFolder.read(routes));

        assertThat(context.getRoute("other")).isNull();
        assertThat(reload.status()).noneMatch(s -> s.file().endsWith("other.camel.yaml"));
        assertThat(ask("answer")).isEqualTo("one");
    }

    @Test
    void aRouteThatIsNoLongerInItsFileEnds() throws IOException {
        saveAndApply("intake/answer.camel.yaml", answering("answer", "one") + answering("answer-two", "two"));
        assertThat(ask("answer-two")).isEqualTo("two");

        saveAndApply("intake/answer.camel.yaml", answering("answer", "one"));

        assertThat(context.getRoute("answer-two")).isNull();
        assertThat(ask("answer")).isEqualTo("one");
    }

    @Test
    void componentsThatAreBeansStayWithTheLiveContext() throws IOException {
        org.apache.camel.component.log.LogComponent log = new org.apache.camel.component.log.LogComponent();
        context.getRegistry().bind("log", log);

        saveAndApply("intake/answer.camel.yaml",
                answering("answer", "two").replace("- setBody:", "- to:\n            id: note\n            uri: log:note\n        - setBody:"));

        assertThat(ask("answer")).isEqualTo("two");
        assertThat(log.getCamelContext()).isSameAs(context);
    }

    @Test
    void otherRoutesAreNotTouched() throws IOException {
        org.apache.camel.Route other = context.getRoute("other");
        org.apache.camel.Route greet = context.getRoute("greet");

        saveAndApply("intake/answer.camel.yaml", answering("answer", "two"));

        assertThat(context.getRoute("other")).isSameAs(other);
        assertThat(context.getRoute("greet")).isSameAs(greet);
    }

    @Test
    void aChangedKameletReachesItsUserAndNobodyElse() throws IOException {
        org.apache.camel.Route other = context.getRoute("other");
        int count = context.getRoutesSize();

        saveAndApply("kamelets/greet-action.kamelet.yaml", kamelet("Welcome"));

        assertThat(ask("greet")).isEqualTo("Welcome");
        assertThat(context.getRoute("other")).isSameAs(other);
        assertThat(context.getRoutesSize()).isEqualTo(count);
    }

    @Test
    void aKameletThatWouldBreakItsUserIsRefusedUntilTheUserIsChangedToo() throws IOException {
        String demanding = kamelet("Hey").replace("    type: object", "    required:\n      - name\n    type: object"
                + "\n    properties:\n      name:\n        title: Name\n        description: A name.\n        type: string\n"
                + "        example: Ana").replace("\"Hey\"", "\"Hey {{name}}\"");
        saveAndApply("kamelets/greet-action.kamelet.yaml", demanding);

        assertThat(ask("greet")).isEqualTo("Hello");
        assertThat(refused("kamelets/greet-action.kamelet.yaml")).extracting(Finding::code).containsExactly(Code.R11);

        saveAndApply("intake/greet.camel.yaml", calling("greet", "kamelet:greet-action")
                .replace("uri: kamelet:greet-action", "uri: kamelet:greet-action\n            parameters:\n              name: Ben"));

        assertThat(ask("greet")).isEqualTo("Hey Ben");
        assertThat(refused("kamelets/greet-action.kamelet.yaml")).isEmpty();
    }

    @Test
    void reloadingAUserOftenLeavesNoKameletRoutesBehind() throws IOException {
        int count = context.getRoutesSize();
        for (int i = 0; i < 3; i++) {
            saveAndApply("intake/greet.camel.yaml",
                    calling("greet", "kamelet:greet-action").replace("Calls.", "Calls, edition " + i + "."));
        }

        assertThat(ask("greet")).isEqualTo("Hello");
        assertThat(context.getRoutesSize()).isEqualTo(count);
    }

    @Test
    void aChangedRouteConfigurationReachesTheRoutesThatNameIt() throws IOException {
        saveAndApply("intake/answer.camel.yaml",
                answering("answer", "one").replace("- setBody:", "- throwException:\n            exceptionType: "
                        + "java.lang.IllegalStateException\n            message: broken\n        - setBody:"));
        assertThat(ask("answer")).isEqualTo("failed");

        saveAndApply("shared/failures.camel.yaml", configuration("kept"));

        assertThat(ask("answer")).isEqualTo("kept");
    }

    @Test
    void whatIsInFlightInASwappedRouteFinishes() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        context.getRegistry().bind("held", (Processor) exchange -> {
            entered.countDown();
            go.await();
        });
        String holding = answering("holding", "old").replace("- setBody:", "- process:\n            ref: held\n        - setBody:");
        saveAndApply("intake/holding.camel.yaml", holding);
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> ask("holding"));
        entered.await();

        CompletableFuture<Void> swap = CompletableFuture.runAsync(() -> {
            try {
                saveAndApply("intake/holding.camel.yaml", answering("holding", "new"));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        await().until(() -> context.getRoute("holding").getConsumer() instanceof org.apache.camel.StatefulService s
                && s.isSuspended());
        CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> ask("holding"));
        assertThat(swap).isNotDone();
        go.countDown();

        assertThat(first).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("old");
        assertThat(swap).succeedsWithin(Duration.ofSeconds(20));
        assertThat(second).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("new");
    }

    private String ask(String route) {
        return template.requestBody("direct:" + route, "", String.class);
    }

    private void save(String file, String text) throws IOException {
        Path path = routes.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void saveAndApply(String file, String text) throws IOException {
        save(file, text);
        reload.apply(RouteFolder.read(routes));
    }

    private FileStatus status(String file) {
        return reload.status().stream().filter(s -> s.file().endsWith(file)).findFirst().orElseThrow();
    }

    private List<Finding> refused(String file) {
        FileStatus status = status(file);
        return status.state() == FileStatus.State.REFUSED ? status.findings() : List.of();
    }

    private static String answering(String id, String answer) {
        return """
                - route:
                    id: %s
                    description: Answers.
                    routeConfigurationId: failures
                    from:
                      uri: direct:%s
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: "%s"
                """.formatted(id, id, answer);
    }

    private static String calling(String id, String uri) {
        return """
                - route:
                    id: %s
                    description: Calls.
                    routeConfigurationId: failures
                    from:
                      uri: direct:%s
                      steps:
                        - to:
                            id: call
                            uri: %s
                """.formatted(id, id, uri);
    }

    private static String configuration(String answer) {
        return """
                - routeConfiguration:
                    id: failures
                    onException:
                      - onException:
                          exception:
                            - java.lang.Exception
                          handled:
                            constant:
                              expression: "true"
                          steps:
                            - setBody:
                                expression:
                                  constant:
                                    expression: "%s"
                """.formatted(answer);
    }

    private static String kamelet(String greeting) {
        return """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: greet-action
                  labels:
                    camel.apache.org/kamelet.type: action
                spec:
                  definition:
                    title: Greet
                    description: Greets.
                    type: object
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: "%s"
                """.formatted(greeting);
    }
}
