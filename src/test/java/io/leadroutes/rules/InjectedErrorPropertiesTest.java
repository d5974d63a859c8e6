package io.leadroutes.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** P1.8: a ruleset with one injected error yields its code and no exception; any damage at all yields findings. */
class InjectedErrorPropertiesTest {

    /** What to replace in a file of the base ruleset, and the code that must come of it. */
    record Damage(String code, String file, String from, String to) {
    }

    private static final List<Damage> DAMAGES = List.of(
            new Damage("V01", "routing.yaml", "[user:boss, queue:open]", "[user:boss, queue:open"),
            new Damage("V02", "scoring.yaml", "points: 20", "points: 20, pionts: 3"),
            new Damage("V03", "routing.yaml", "id: good-home", "id: Good_Home"),
            new Damage("V04", "routing.yaml", "consent.optedOut", "consent.optOut"),
            new Damage("V05", "scoring.yaml", "\">= 100\"", "lots"),
            new Damage("V06", "routing.yaml", "[US, Good]", "[US, Goood]"),
            new Damage("V07", "routing.yaml", "[US, Good]", "[US]"),
            new Damage("V08", "scoring.yaml", "\">= 100\"", "\"[100..5]\""),
            new Damage("V09", "routing.yaml", "when: consent.optedOut", "when: 'consent.optedOut ||'"),
            new Damage("V10", "routing.yaml", "pool:team", "pool:teem"),
            new Damage("V11", "routing.yaml", "[user:boss, queue:open]", "[queue:open, pool:team]"),
            new Damage("V12", "scoring.yaml", "{id: news, weight: 100}", "{id: news, weight: 90}"),
            new Damage("V13", "scoring.yaml", "axis: fit, columns: [lead.country]",
                    "axis: fit, hit: SUM, forEach: events, columns: [lead.country]"),
            new Damage("V14", "scoring.yaml", "in {lead.country}", "in {lead.city}"),
            new Damage("V15", "scoring.yaml", "in {lead.country}", "of {lead.email}"),
            new Damage("V16", "routing.yaml", "[US, Good]", "[US, -]"),
            new Damage("V18", "routing.yaml", "id: good-home", "id: large"));

    @Property(tries = 1000)
    void oneInjectedErrorYieldsItsCodeAndNoOther(@ForAll("damages") Damage damage) {
        Map<String, String> files = Directories.base();
        assertThat(files.get(damage.file())).contains(damage.from());
        files.put(damage.file(), files.get(damage.file()).replaceFirst(java.util.regex.Pattern.quote(damage.from()),
                java.util.regex.Matcher.quoteReplacement(damage.to())));
        assertThat(Directories.findings(files)).as(damage.toString()).extracting(Finding::code)
                .containsOnly(damage.code());
    }

    @Property(tries = 1000)
    void anyDamageYieldsFindingsOrAValidRulesetButNeverAnotherException(@ForAll("names") String name,
            @ForAll long place, @ForAll("scraps") String scrap) {
        Map<String, String> files = Directories.base();
        String text = files.get(name);
        int at = (int) Math.floorMod(place, (long) text.length());
        files.put(name, text.substring(0, at) + scrap + text.substring(Math.min(text.length(), at + 1)));
        assertThat(Directories.findings(files)).hasSizeLessThanOrEqualTo(500);
    }

    @Provide
    Arbitrary<Damage> damages() {
        return Arbitraries.of(DAMAGES);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(Directories.base().keySet());
    }

    @Provide
    Arbitrary<String> scraps() {
        return Arbitraries.of("", " ", "\n", "\t", "[", "]", "{", "}", ":", "-", "'", "\"", "~", "|", "&a ", "*a", "!x ",
                "#", "é", "\uFFFE", "\u0085", "\u0000", "..", "(", "99999999999999999999", "- - -", "{{", "\\");
    }
}
