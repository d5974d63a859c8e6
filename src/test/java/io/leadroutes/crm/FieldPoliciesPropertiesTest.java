package io.leadroutes.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.crm.FieldHistory.Written;
import io.leadroutes.crm.FieldPolicies.Current;
import io.leadroutes.crm.FieldPolicies.Decision;
import io.leadroutes.rules.FieldMapping;
import io.leadroutes.rules.FieldMapping.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds whatever the values are (routing specification, P6.2, P6.4 and P6.5). */
class FieldPoliciesPropertiesTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String RECORD = "00QSb0000000001MAA";

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("", "  ", "n/a", "[not provided]", "VP", "vp ", "VP Sales", "Buyer", "+1 (555) 010-0000",
                "15550100000", "https://www.acme.example/", "acme.example", "250", "250.0");
    }

    @Property
    void aWriteNeverBlanksAValueAndTheSecondRunWritesNothing(@ForAll Policy policy, @ForAll("texts") String present,
            @ForAll("texts") String ours, @ForAll("texts") String incoming,
            @ForAll @net.jqwik.api.constraints.IntRange(max = 400) int modified,
            @ForAll @net.jqwik.api.constraints.IntRange(max = 400) int dated, @ForAll boolean known) {
        FieldMapping mapping = new FieldMapping("Lead", "Title", "person.jobTitle", policy);
        Profile profile = new Profile(Map.of("jobTitle", incoming, "validDate", day(dated).toString()), Map.of(),
                Optional.empty());
        Map<String, Written> written = known ? Map.of("Title", Written.of(RECORD, ours, Optional.of(day(300)), day(200)))
                : Map.of();
        Decision first = FieldPolicies.decide(List.of(mapping), profile, List.of(),
                new Current(Map.of("Title", present), Optional.of(day(modified)), written), NOW);
        Map<String, Object> after = new HashMap<>(Map.of("Title", present));
        after.putAll(first.fields());

        assertThat(FieldValues.blank(after.get("Title"))).isEqualTo(FieldValues.blank(present) && first.fields().isEmpty());
        assertThat(first.fields().containsKey("Title") && FieldValues.same(present, incoming)).isFalse();
        Map<String, Written> remembered = first.fields().isEmpty() ? written : Map.of("Title",
                Written.of(RECORD, after.get("Title"), Optional.ofNullable(first.dates().get("Title")), NOW));
        assertThat(FieldPolicies.decide(List.of(mapping), profile, List.of(),
                new Current(after, Optional.of(first.fields().isEmpty() ? day(modified) : NOW), remembered), NOW).fields())
                .isEmpty();
    }

    @Property
    void theOrderOfDifferentFieldsDoesNotMatter(@ForAll Policy one, @ForAll Policy other, @ForAll("texts") String title,
            @ForAll("texts") String phone) {
        FieldMapping first = new FieldMapping("Lead", "Title", "person.jobTitle", one);
        FieldMapping second = new FieldMapping("Lead", "Phone", "person.phone", other);
        Profile profile = new Profile(Map.of("jobTitle", title, "phone", phone, "validDate", NOW.toString()), Map.of(),
                Optional.empty());
        Current current = new Current(Map.of("Title", "Buyer", "Phone", ""), Optional.of(day(100)), Map.of());
        assertThat(FieldPolicies.decide(List.of(first, second), profile, List.of(), current, NOW).fields())
                .isEqualTo(FieldPolicies.decide(List.of(second, first), profile, List.of(), current, NOW).fields());
    }

    private static Instant day(int ago) {
        return NOW.minus(Duration.ofDays(ago));
    }
}
