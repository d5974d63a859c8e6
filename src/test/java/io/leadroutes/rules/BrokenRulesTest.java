package io.leadroutes.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Files with mistakes: each finding has the right code at the right line and column. */
class BrokenRulesTest {

    private static final Pattern MARK = Pattern.compile("«(V\\d\\d)»");

    @TestFactory
    Stream<DynamicTest> everyMistakeIsFoundWhereItIs() {
        String[] cases = Directories.read(Path.of("src/test/resources/rules/broken.txt")).split("(?m)^### ");
        assertThat(cases).hasSizeGreaterThan(40);
        return Stream.of(cases).skip(1).map(text -> {
            String title = text.substring(0, text.indexOf('\n'));
            return DynamicTest.dynamicTest(title, () -> check(title.split(" ")[0],
                    text.substring(text.indexOf('\n') + 1)));
        });
    }

    private static void check(String file, String marked) {
        List<String> expected = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        Matcher mark = MARK.matcher(marked);
        while (mark.find()) {
            mark.appendReplacement(plain, "");
            int lineStart = plain.lastIndexOf("\n") + 1;
            long line = 1 + plain.chars().filter(c -> c == '\n').count();
            expected.add(file + ":" + line + ":" + (plain.codePointCount(lineStart, plain.length()) + 1) + " "
                    + mark.group(1));
        }
        mark.appendTail(plain);
        Map<String, String> files = Directories.base();
        files.put(file, plain.toString());
        List<Finding> findings = Directories.findings(files);
        assertThat(findings).as(() -> findings.toString()).extracting(finding -> finding.file() + ":" + finding.line()
                + ":" + finding.column() + " " + finding.code()).containsExactlyElementsOf(expected);
        assertThat(findings).allSatisfy(finding -> {
            assertThat(finding.what()).isNotBlank().doesNotEndWith(".");
            assertThat(finding.because()).isNotBlank().doesNotEndWith(".");
        });
    }

    @Test
    void theBaseRulesetIsValid() {
        assertThat(Directories.findings(Directories.base())).isEmpty();
    }

    @Test
    void aFindingSaysWhatWhyAndWhatToWriteInstead() {
        Map<String, String> files = Directories.base();
        files.put("routing.yaml", "spec: 1\ntables:\n  - id: t\n    columns: [lead.country]\n    rows:\n"
                + "      - {id: a, cells: [Untied States], assign: queue:open}\nfallback: [queue:open]\n");
        assertThat(Directories.findings(files)).extracting(Finding::toString).containsExactly(
                "routing.yaml:6:25 V06 \"Untied States\" is not a value of lead.country. It has a closed list. "
                        + "Did you mean US.");
    }

    @Test
    void aMissingFileAnUnknownFileAndAFileForLaterAreTold() {
        Map<String, String> files = Directories.base();
        files.remove("pools.yaml");
        files.put("rooting.yaml", "spec: 1\n");
        files.put("sla.yaml", "spec: 1\n");
        assertThat(Directories.findings(files)).extracting(finding -> finding.file() + " " + finding.code())
                .containsExactly("rooting.yaml V02", "sla.yaml V02", "pools.yaml V01");
    }

    @Test
    void atMostAHundredFindingsOfAFileAreTold() {
        Map<String, String> files = Directories.base();
        StringBuilder guards = new StringBuilder("spec: 1\nfallback: [queue:open]\nguards:\n");
        for (int i = 0; i < 150; i++) {
            guards.append("  - {id: g").append(i).append(", when: nothing, stop: x}\n");
        }
        files.put("routing.yaml", guards.toString());
        assertThat(Directories.findings(files)).hasSize(100);
    }

    @Test
    void aFileOverTwoMebibytesIsRefused() {
        Map<String, String> files = Directories.base();
        files.put("types.yaml", "spec: 1\n#" + "x".repeat(2 * 1024 * 1024) + "\n");
        assertThat(Directories.findings(files)).extracting(Finding::code).containsExactly("V01");
    }
}
