package io.leadroutes.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RouteLintTest {

    private static final Path RESOURCES = Path.of("src/test/resources/flow");
    private static final Set<String> CONFIGURED = Set.of("zoominfo.base-url",
            "zoominfo.tier.standard.requests-per-second");

    private static RouteLint lint;
    private static RouteFolder good;

    @BeforeAll
    static void readGoodFiles() {
        lint = new RouteLint(RouteLintTest.class.getClassLoader(), CONFIGURED::contains, new KnownTexts());
        good = relative(RouteFolder.read(RESOURCES.resolve("good/routes")));
    }

    static RouteFolder relative(RouteFolder folder) {
        java.util.SortedMap<String, String> texts = new java.util.TreeMap<>();
        folder.texts().forEach((path, text) -> texts.put(path.substring(path.indexOf("routes/")), text));
        return new RouteFolder("routes", texts);
    }

    static Stream<String> brokenFiles() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES.resolve("broken"))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList().stream();
        }
    }

    @Test
    void nothingIsFoundInGoodFiles() {
        assertThat(lint.lint(good)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("brokenFiles")
    void everyFaultIsFoundAtItsLineAndColumn(String name) throws IOException {
        String text = Files.readString(RESOURCES.resolve("broken").resolve(name));
        String path = text.lines().filter(l -> l.startsWith("# file: ")).map(l -> l.substring(8)).findFirst()
                .orElse("routes/intake/broken.camel.yaml");
        List<String> expected = text.lines().filter(l -> l.startsWith("# expect: ")).map(l -> l.substring(10)).toList();

        List<Finding> findings = lint.lint(good.with(Map.of(path, text))).stream()
                .filter(f -> !f.file().equals("routes/pipeline/enrich.camel.yaml")).toList();

        assertThat(findings).as(RouteLint.report(findings)).hasSameSizeAs(expected);
        for (String line : expected) {
            String[] parts = line.split(" ", 3);
            assertThat(findings).as(RouteLint.report(findings) + "\nshould hold " + line).anyMatch(
                    f -> f.toString().startsWith(path + ":" + parts[0] + " " + parts[1] + " ")
                            && f.toString().contains(parts[2]));
        }
    }

    @Test
    void aFindingIsOneLineWithPlaceCauseAndSuggestion() {
        String text = good.texts().get("routes/pipeline/enrich.camel.yaml").replace("period:", "perriod:");

        List<Finding> findings = lint.lint(good.with(Map.of("routes/pipeline/enrich.camel.yaml", text)));

        assertThat(findings).singleElement().hasToString("routes/pipeline/enrich.camel.yaml:8:9 R06 'timer' has no option "
                + "'perriod'. A route with it cannot start. Did you mean 'period'?");
    }

    @Test
    void aBrokenFileDoesNotMakeItsNeighboursLookBroken() {
        RouteFolder folder = good.with(Map.of("routes/shared/dead-letter.camel.yaml", "- route: [",
                "routes/kamelets/zoominfo-enrich-contact-action.kamelet.yaml", "kind: ["));

        assertThat(lint.lint(folder)).extracting(Finding::file).containsOnly("routes/shared/dead-letter.camel.yaml",
                "routes/kamelets/zoominfo-enrich-contact-action.kamelet.yaml");
    }
}
