package io.leadroutes.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownTextsTest {

    private static final ClassLoader LOADER = KnownTextsTest.class.getClassLoader();
    private static final RouteFolder SHIPPED = RouteFolder.read(Path.of("routes"));
    private static final String ROUTE = "routes/pipeline/lead-enrich.camel.yaml";

    private final KnownTexts known = KnownTexts.ofBuild(LOADER);
    private final RouteLint lint = new RouteLint(LOADER, key -> true, known);

    @Test
    void theBuildHasCheckedEveryShippedFile() {
        assertThat(SHIPPED.texts()).isNotEmpty()
                .allSatisfy((path, text) -> assertThat(known.contains(path, text)).as(path).isTrue());
    }

    @Test
    void aShippedFileWithOneMoreLetterIsCheckedAgainEachTime() {
        String broken = SHIPPED.texts().get(ROUTE).replaceFirst("delay:", "delayy:");
        RouteFolder folder = SHIPPED.with(Map.of(ROUTE, broken));

        for (int round = 0; round < 2; round++) {
            List<Finding> findings = lint.lint(folder);
            assertThat(findings).as(RouteLint.report(findings)).singleElement()
                    .satisfies(finding -> assertThat(finding.code()).isEqualTo(Code.R06));
            assertThat(known.contains(ROUTE, broken)).isFalse();
        }
    }

    @Test
    void aShippedFileWithAnUnknownStepIsCheckedAgainEachTime() {
        String broken = SHIPPED.texts().get(ROUTE).replaceFirst("- bean:", "- beann:");
        RouteFolder folder = SHIPPED.with(Map.of(ROUTE, broken));

        for (int round = 0; round < 2; round++) {
            assertThat(lint.lint(folder)).anyMatch(f -> f.file().equals(ROUTE) && f.code() == Code.R02);
        }
    }

    @Test
    void theTextOfAKameletIsNotKnownAsARoute() {
        SHIPPED.texts().forEach((path, text) -> assertThat(known.contains("routes/other"
                + (RouteFolder.isKamelet(path) ? RouteFolder.ROUTE : RouteFolder.KAMELET), text)).as(path).isFalse());
    }

    @Test
    void whatDependsOnOtherFilesIsFoundInKnownTextsToo() {
        RouteFolder folder = SHIPPED.without("routes/shared/dead-letter.camel.yaml");

        assertThat(lint.lint(folder)).isNotEmpty().allSatisfy(finding -> assertThat(finding.code()).isEqualTo(Code.R12));
    }
}
