package io.leadroutes.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.TestDatabase;
import io.leadroutes.crm.FieldHistory.Write;
import io.leadroutes.crm.FieldHistory.Written;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class FieldHistoryTest {

    private static final DataSource DATABASE = TestDatabase.fresh();
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private final FieldHistory history = new FieldHistory(DATABASE, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void whatWasWrittenIsRecognisedFieldByFieldAndKeptAsDigestsOnly() {
        Instant date = Instant.parse("2026-10-01T00:00:00Z");
        history.wrote(List.of(new Write("Lead", "00QSb0000000001MAA", Optional.of("7"),
                Map.of("Title", "VP Sales", "Email", "ada@acme.example"), Map.of("Title", date))));
        history.wrote(List.of(new Write("Lead", "00QSb0000000001", Optional.empty(), Map.of("Title", "CEO"), Map.of())));

        Map<String, Written> fields = history.of("Lead", List.of("00QSb0000000001MAA", "00QSb0000000002MAA"))
                .get("00QSb0000000001MAA");
        assertThat(fields.get("Email").is("Ada@acme.example")).isTrue();
        assertThat(fields.get("Title").is("CEO")).isTrue();
        assertThat(fields.get("Title").is("VP Sales")).isFalse();
        assertThat(fields.get("Title").date()).isEmpty();
        assertThat(fields.get("Title").at()).isEqualTo(NOW);
        assertThat(history.of("Contact", List.of("00QSb0000000001MAA"))).isEmpty();
        assertThat(new JdbcTemplate(DATABASE).queryForObject("select f::text from field_written f", String.class))
                .contains("7").doesNotContain("acme.example").doesNotContain("CEO");
    }
}
