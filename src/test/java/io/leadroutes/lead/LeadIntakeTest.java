package io.leadroutes.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.InvalidLeadException.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

class LeadIntakeTest {

    private static final DataSource DATABASE = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE);
    private final LeadIntake intake = new LeadIntake(new LeadInbox(DATABASE), DATABASE);

    @Test
    void ofEventsThatComeThriceAndInAnyOrderEachHasOneEffectAndAnOldVersionThatComesLateHasNone() {
        Random chance = new Random(7);
        List<IncomingLead> all = new ArrayList<>();
        for (int record = 0; record < 100; record++) {
            for (int version = 1; version <= 2; version++) {
                // Every second record tells its versions by times.
                String text = record % 2 == 0 ? String.valueOf(8 + version) : "2026-11-28T1" + version + ":00:00Z";
                for (int times = 0; times < 3; times++) {
                    all.add(new IncomingLead(new Lead("dup", "r" + record, text, Map.of("email",
                            "r" + record + "@example.com"), Map.of()), "request", IncomingLead.LIVE));
                }
            }
        }
        Collections.shuffle(all, chance);
        LeadInbox inbox = new LeadInbox(DATABASE);
        Set<String> withTheNewer = new HashSet<>();
        Set<List<String>> seen = new HashSet<>();
        Set<List<String>> stale = new HashSet<>();
        for (int from = 0; from < all.size(); from += 20) {
            for (IncomingLead one : all.subList(from, from + 20)) {
                Lead lead = one.lead();
                List<String> event = List.of(lead.recordId(), lead.version());
                boolean newer = lead.version().matches("10|.*T12.*");
                if (seen.add(event) && !newer && withTheNewer.contains(lead.recordId())) {
                    stale.add(event);
                }
                if (newer) {
                    withTheNewer.add(lead.recordId());
                }
            }
            inbox.accept(all.subList(from, from + 20));
        }
        assertThat(stale).isNotEmpty();
        assertThat(jdbc.queryForObject("select count(*) from lead_event where source = 'dup'", Integer.class)).isEqualTo(200);
        assertThat(jdbc.query("select record_id, version from lead_event where source = 'dup' and state = 'DONE'",
                (row, number) -> List.of(row.getString(1), row.getString(2)))).containsExactlyInAnyOrderElementsOf(stale);
        assertThat(jdbc.queryForObject("select count(*) from lead_event where source = 'dup' and state = 'DONE' and "
                + "timeline::text like '%newer version%' and ended_at is not null", Integer.class)).isEqualTo(stale.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-02-30T10:00:00Z", "2026-13-01T10:00:00Z", "2026-01-01T10:00:61+99:00"})
    void aVersionThatLooksLikeATimeAndIsNoneIsTakenAsOneWithoutAnOrder(String version) {
        LeadInbox inbox = new LeadInbox(DATABASE);
        for (String one : List.of("2027-01-01T10:00:00Z", version)) {
            inbox.accept(List.of(new IncomingLead(new Lead("untimely", version, one, Map.of("email", "r@example.com"),
                    Map.of()), "request", IncomingLead.LIVE)));
        }

        assertThat(jdbc.queryForList("select state from lead_event where source = 'untimely' and record_id = ?",
                String.class, version)).containsExactly("RECEIVED", "RECEIVED");
    }

    @Test
    void versionsThatHaveNoOrderAreAllTakenAsTheyCome() {
        LeadInbox inbox = new LeadInbox(DATABASE);
        for (String version : List.of("b", "a", "1234567890123456", "0000000000000001", "7")) {
            inbox.accept(List.of(new IncomingLead(new Lead("opaque", "r", version, Map.of("email", "r@example.com"), Map.of()),
                    "request", IncomingLead.LIVE)));
        }
        assertThat(jdbc.queryForObject("select count(*) from lead_event where source = 'opaque' and state = 'RECEIVED'",
                Integer.class)).isEqualTo(5);
    }

    @Test
    void anArrayIsStoredAndAnsweredWithTheIdsInTheOrderSent() throws Exception {
        List<Object> ids = accept("[" + lead("order-1") + "," + lead("order-2") + "]", null);
        assertThat(ids).hasSize(2);
        assertThat(jdbc.queryForObject("select record_id from lead_event where event_id = ?", String.class, ids.get(1)))
                .isEqualTo("order-2");
    }

    @Test
    void theSameRecordAndVersionIsOneEventHoweverOftenItIsSent() throws Exception {
        List<Object> first = accept(lead("twice"), null);
        assertThat(accept(lead("twice"), null)).isEqualTo(first);
        assertThat(accept("[" + lead("twice") + "," + lead("twice") + "]", null))
                .containsExactly(first.get(0), first.get(0));
        assertThat(jdbc.queryForObject("select count(*) from lead_event where record_id = 'twice'", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void withoutAVersionChangedContentIsANewEvent() throws Exception {
        Object first = accept(lead("changed"), null).get(0);
        assertThat(accept(lead("changed").replace("Example Corp", "Example Holdings"), null).get(0))
                .isNotEqualTo(first);
    }

    @Test
    void anIdempotencyKeyGivesTheFirstAnswerAndRefusesAnotherBody() throws Exception {
        List<Object> first = accept(lead("keyed"), "key-1");
        assertThat(accept(lead("keyed"), "key-1")).isEqualTo(first);
        InvalidLeadException refused = catchThrowableOfType(InvalidLeadException.class,
                () -> accept(lead("other"), "key-1"));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.errors()).extracting(FieldError::field).containsExactly("Idempotency-Key");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {"recordId":"1","email":"a@b.example"};                        source;        required
            {"source":"web","email":"a@b.example"};                        recordId;      required
            {"source":"web","recordId":"1"};                               email;         required
            {"source":"web","recordId":"1","lastName":"Example"};          email;         required
            {"source":"web","recordId":"1","email":"nobody"};              email;         format
            {"source":"w b","recordId":"1","email":"a@b.example"};         source;        pattern
            {"source":"web","recordId":"1","emial":"a@b.example"};         emial;         unknown
            {"source":"web","recordId":"1","email":["a@b.example"]};       email;         type
            {"source":"web","recordId":"1","email":"a@b.example","attributes":3}; attributes; type
            {"source":"web","recordId":"1","email":"a@b.example","city":"\\u0000"}; city; characters
            [{"source":"web","recordId":"1","email":"a@b.example"},7];     [1];           type
            [];                                                            body;          size
            "text";                                                        body;          type
            {"source":;                                                    body;          json
            {"source":"web","source":"web"};                               body;          json""")
    void aMalformedLeadIsRefusedWithFieldAndRule(String body, String field, String rule) {
        InvalidLeadException refused = catchThrowableOfType(InvalidLeadException.class, () -> accept(body, null));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errors()).extracting(FieldError::field, FieldError::rule)
                .contains(tuple(field, rule));
    }

    @Test
    void anUnknownFieldSuggestsTheNearest() {
        InvalidLeadException refused = catchThrowableOfType(InvalidLeadException.class,
                () -> accept("{\"source\":\"web\",\"recordId\":\"1\",\"emial\":\"a@b.example\"}", null));
        assertThat(refused.errors().get(0).message()).contains("did you mean email?");
    }

    @Test
    void oneMalformedLeadOfAnArrayKeepsAllOut() {
        catchThrowableOfType(InvalidLeadException.class, () -> accept("[" + lead("kept-out") + ",{}]", null));
        assertThat(jdbc.queryForObject("select count(*) from lead_event where record_id = 'kept-out'", Integer.class))
                .isZero();
    }

    @Test
    void moreThanAThousandLeadsAreTooMany() {
        String body = IntStream.rangeClosed(0, LeadIntake.MOST_LEADS).mapToObj(i -> lead("m" + i)).toList().toString();
        assertThat(catchThrowableOfType(InvalidLeadException.class, () -> accept(body, null)).status()).isEqualTo(413);
    }

    @SuppressWarnings("unchecked")
    private List<Object> accept(String body, String key) throws InvalidLeadException {
        return (List<Object>) intake.accept(body.getBytes(StandardCharsets.UTF_8), key, "request-1").get("eventIds");
    }

    private static String lead(String recordId) {
        return "{\"source\":\"web\",\"recordId\":\"" + recordId
                + "\",\"lastName\":\"Example\",\"company\":\"Example Corp\"}";
    }
}
