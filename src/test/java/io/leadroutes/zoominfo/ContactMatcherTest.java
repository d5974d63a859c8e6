package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.lead.Lead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ContactMatcherTest {

    @Property(tries = 100)
    void eachInputGetsItsOwnAnswerHoweverTheAnswersAreShuffled(@ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int size)
            throws ZoomInfoException {
        List<Map<String, Object>> inputs = new ArrayList<>();
        List<Object> results = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Map<String, Object> input = Map.of("firstName", "Ann" + i, "lastName", "Lee", "companyName", "Acme " + i);
            inputs.add(input);
            results.add(result(echo(input), "FULL_MATCH", List.of(Map.of("id", i))));
        }
        Collections.shuffle(results, new Random(seed));

        List<ContactMatcher.Result> matched = match(inputs, results);

        for (int i = 0; i < size; i++) {
            assertThat(matched.get(i).record()).containsEntry("id", i);
        }
    }

    @Test
    void identicalInputsAreSentOnceAndAllGetTheAnswer() throws ZoomInfoException {
        List<Map<String, Object>> inputs = List.of(Map.of("emailAddress", "a@x.com"), Map.of("emailAddress", "b@x.com"),
                Map.of("emailAddress", "A@x.com"));
        assertThat(ContactMatcher.distinct(inputs)).hasSize(2);

        List<ContactMatcher.Result> matched = match(inputs, List.of(
                result(Map.of("emailaddress", "b@x.com"), "NO_MATCH", List.of()),
                result(Map.of("emailaddress", "a@x.com"), "FULL_MATCH", List.of(Map.of("id", 7)))));

        assertThat(matched).extracting(ContactMatcher.Result::matchStatus)
                .containsExactly("FULL_MATCH", "NO_MATCH", "FULL_MATCH");
        assertThat(matched.get(2).record()).containsEntry("id", 7);
    }

    @Test
    void idsAsTextOrNumberDataAsListOrObjectAndCompanyAsListOrObjectAreTheSame() throws ZoomInfoException {
        List<Map<String, Object>> inputs = List.of(Map.of("personId", 12L), Map.of("personId", "-13"));

        List<ContactMatcher.Result> matched = match(inputs, List.of(
                result(Map.of("personid", "12"), null, Map.of("id", "12", "company", List.of(Map.of("id", 5)))),
                result(Map.of("personid", -13.0), null, List.of(Map.of("id", -13, "company", Map.of("id", 6))))));

        assertThat(matched.get(0).record().get("company")).isEqualTo(Map.of("id", 5));
        assertThat(matched.get(1).record().get("company")).isEqualTo(Map.of("id", 6));
        assertThat(matched).extracting(ContactMatcher.Result::matchStatus).containsOnly("FULL_MATCH");
    }

    @Test
    void aMissingDoubledForeignOrUnlabelledAnswerIsAProtocolFailure() {
        List<Map<String, Object>> inputs = List.of(Map.of("emailAddress", "a@x.com"), Map.of("emailAddress", "b@x.com"));
        Object a = result(Map.of("emailaddress", "a@x.com"), "FULL_MATCH", List.of(Map.of("id", 1)));
        Object b = result(Map.of("emailaddress", "b@x.com"), "FULL_MATCH", List.of(Map.of("id", 2)));
        Object foreign = result(Map.of("emailaddress", "c@x.com"), "FULL_MATCH", List.of(Map.of("id", 3)));
        for (List<Object> wrong : List.of(List.<Object>of(), List.of(a), List.of(a, b, b), List.of(a, a),
                List.of(a, foreign), List.of(a, Map.of("data", List.of())))) {
            assertThatThrownBy(() -> match(inputs, wrong)).isInstanceOfSatisfying(ZoomInfoException.class, e -> {
                assertThat(e.getFailureClass()).isEqualTo(FailureClass.PROTOCOL);
                assertThat(e.getRequestId()).contains("zi-1");
                assertThat(e.getMessage()).doesNotContain("@");
            });
        }
    }

    @Test
    void aLeadWithAnEmailIsNeverAskedForByName() {
        assertThat(ContactMatcher.matchInput(lead(Map.of("email", " Ada@Example.COM ", "firstName", "Ada", "lastName",
                "Lovelace", "company", "Acme", "phone", "1")))).contains(Map.of("emailAddress", "ada@example.com"));
        assertThat(ContactMatcher.matchInput(lead(Map.of("firstName", "Ada", "lastName", "Lovelace", "company", "Acme",
                "phone", "+1 2")))).contains(Map.of("firstName", "ada", "lastName", "lovelace", "companyName", "acme",
                        "phone", "+1 2"));
        assertThat(ContactMatcher.matchInput(lead(Map.of("firstName", "Ada", "company", "Acme")))).isEmpty();
    }

    private static Lead lead(Map<String, String> fields) {
        return new Lead("test", "1", "1", fields, Map.of());
    }

    private static List<ContactMatcher.Result> match(List<Map<String, Object>> inputs, List<?> results)
            throws ZoomInfoException {
        return ContactMatcher.match(inputs, Map.of("success", true, "data", Map.of("result", results)),
                Optional.of("zi-1"));
    }

    private static Map<String, Object> echo(Map<String, Object> input) {
        Map<String, Object> echo = new LinkedHashMap<>();
        input.forEach((key, value) -> echo.put(key.toLowerCase(Locale.ROOT), value.toString().toLowerCase(Locale.ROOT)));
        return echo;
    }

    private static Map<String, Object> result(Map<String, Object> echo, String status, Object data) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("input", echo);
        result.put("data", data);
        if (status != null) {
            result.put("matchStatus", status);
        }
        return result;
    }
}
