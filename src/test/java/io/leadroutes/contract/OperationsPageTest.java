package io.leadroutes.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.contract.ContractDocument.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OperationsPageTest {

    private static final ContractDocument DOCUMENT = new ContractDocument();
    private static final Path PAGE = Path.of("docs/zoominfo-operations.md");

    @Test
    void pageTellsEveryOperationAndLimitAsTheContractDoes() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| ") && !line.startsWith("| tier ")
                && !line.startsWith("| operation ")).toList();
        assertThat(rows).containsExactlyInAnyOrderElementsOf(Stream.concat(DOCUMENT.operations().stream()
                .map(OperationsPageTest::row), Stream.of("auth", "standard", "scaling").map(OperationsPageTest::limits)).toList());
    }

    private static String row(Operation operation) {
        JsonNode cost = operation.node().path("x-cost");
        String kamelet = operation.tier().equals("auth") ? "" : "`" + operation.kamelet() + "`";
        return "| `%s` | %s | `%s %s` | %s | %s | %s | %s |".formatted(operation.id(), kamelet, operation.method(),
                operation.path(), operation.tier(), cost.path("requests").asText(), cost.path("records").asText(),
                cost.path("credits").asText());
    }

    private static String limits(String tier) {
        JsonNode limits = DOCUMENT.at("/x-rate-limits/" + tier);
        return "| %s | %s | %s |".formatted(tier, limits.path("per-second").asText(), limits.path("per-minute").asText());
    }
}
