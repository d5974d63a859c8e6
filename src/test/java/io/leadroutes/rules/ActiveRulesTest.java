package io.leadroutes.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActiveRulesTest {

    @TempDir
    Path directory;

    @Test
    void aBrokenFileLeavesTheVersionBeforeItInForce() throws Exception {
        ActiveRules rules = started();
        String before = rules.current().version();
        Files.writeString(directory.resolve("routing.yaml"), "spec: 1\nfallback: [pool:team]\n");
        ReloadResult result = rules.reload();
        assertThat(result.refused()).isTrue();
        assertThat(result.findings()).extracting(Finding::toString).containsExactly("routing.yaml:2:12 V11 the fallback "
                + "ends in pool:team. Only a queue or an active user with always: true can take every lead. "
                + "End it with a queue.");
        assertThat(rules.current().version()).isEqualTo(before);
    }

    @Test
    void aChangeIsInForceAndToldOnce() throws Exception {
        ActiveRules rules = started();
        List<String> told = new ArrayList<>();
        rules.onChange(ruleset -> told.add(ruleset.version()));
        assertThat(rules.reload().changed()).isFalse();
        Path scoring = directory.resolve("scoring.yaml");
        Files.writeString(scoring, Files.readString(scoring).replace("points: 20", "points: 21"));
        assertThat(rules.reload().changed()).isTrue();
        assertThat(rules.reload().changed()).isFalse();
        assertThat(told).containsExactly(rules.current().version());
    }

    @Test
    void aDirectoryThatIsRefusedStopsTheStartWithAllFindings() throws Exception {
        write(Directories.base());
        Files.writeString(directory.resolve("routing.yaml"), "spec: 1\nfallback: [pool:team]\nguard: []\n");
        assertThatThrownBy(() -> new ActiveRules(directory.toString()).load())
                .hasMessageContaining("routing.yaml:2:12 V11").hasMessageContaining("routing.yaml:3:1 V02");
    }

    private ActiveRules started() throws IOException {
        write(Directories.base());
        ActiveRules rules = new ActiveRules(directory.toString());
        rules.load();
        return rules;
    }

    private void write(Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
    }
}
