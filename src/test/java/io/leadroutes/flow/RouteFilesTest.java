package io.leadroutes.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The gate over the project's own route files and Kamelets: every finding is an error here. */
class RouteFilesTest {

    private static final Pattern KEY = Pattern.compile("^#?(?:%[\\w,]+\\.)?([\\w.\\-]+)=");

    @Test
    void theProjectsRoutesAndKameletsHaveNoFindings() throws IOException {
        Set<String> keys = keys();
        RouteLint lint = new RouteLint(getClass().getClassLoader(), keys::contains, new KnownTexts());
        RouteFolder folder = RouteFolder.read(Path.of("routes"));

        List<Finding> findings = lint.lint(folder);

        assertThat(folder.texts()).isNotEmpty();
        assertThat(findings).as(RouteLint.report(findings)).isEmpty();
    }

    /** The keys of the one file an operator edits, those that are written there as a comment included. */
    private static Set<String> keys() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("application.properties"))) {
            return lines.map(KEY::matcher).filter(Matcher::find).map(m -> m.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
