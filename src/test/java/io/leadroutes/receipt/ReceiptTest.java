package io.leadroutes.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.leadroutes.receipt.ReceiptWriter.Decided;
import io.leadroutes.receipt.SentenceParser.Headline;
import io.leadroutes.routing.Choice;
import io.leadroutes.routing.Route;
import io.leadroutes.routing.Target;
import io.leadroutes.rules.Person;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;

class ReceiptTest {

    private static final ReceiptWriter WRITER = new ReceiptWriter();
    private static final JsonSchema SCHEMA = schema();
    private static final Target WEST = SampleDecisions.target(Target.Kind.POOL, "west");
    private static final Target REST = SampleDecisions.target(Target.Kind.QUEUE, "rest");

    private static JsonSchema schema() {
        try (InputStream file = ReceiptTest.class.getResourceAsStream("/schema/receipt.schema.json")) {
            return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theHeadlineNamesOwnerPoolCauseRuleAndWhoWasPassedOver() {
        Receipt receipt = WRITER.write(SampleDecisions.decided(SampleDecisions.rules(false),
                SampleDecisions.sheet(Map.of()), SampleDecisions.score("12"),
                SampleDecisions.row("large company on the West Coast", WEST, REST),
                SampleDecisions.pick(WEST, 0, false, List.of())));
        assertThat(receipt.headline()).isEqualTo("Assigned to Ana Ruiz (west) because large company on the West Coast"
                + " (rule us-west-ent), after Ben Ode is inactive.");
        assertThat(receipt.steps()).extracting(Receipt.Step::text)
                .contains("Ana Ruiz was next: owed 0.67, then Cy Lam 0.33.", "Score 12 (Hot): VP seat +12.");
    }

    @Test
    void aLongReasonIsCutSoThatTheRuleStays() {
        Receipt receipt = WRITER.write(SampleDecisions.decided(SampleDecisions.rules(true),
                SampleDecisions.sheet(Map.of()), SampleDecisions.score(),
                SampleDecisions.row("very ".repeat(80) + "large", WEST, REST),
                SampleDecisions.pick(WEST, 0, true, List.of())));
        assertThat(receipt.headline()).hasSizeLessThanOrEqualTo(240).endsWith("… (rule us-west-ent).");
    }

    @Test
    void addressesAndPhoneNumbersInAnAuthorsWordsAreLeftOut() {
        Receipt receipt = WRITER.write(SampleDecisions.decided(SampleDecisions.rules(true),
                SampleDecisions.sheet(Map.of()), SampleDecisions.score(),
                SampleDecisions.row("bob@acme.example says call +1 (415) 555-0100, 1,200 people since 2026-11-23", WEST,
                        REST), SampleDecisions.pick(WEST, 0, true, List.of())));
        assertThat(receipt.headline())
                .contains("(e-mail address) says call (phone number), 1,200 people since 2026-11-23");
    }

    @Property(tries = 1000)
    void everyReceiptValidatesAgainstThePublishedSchema(@ForAll long seed) {
        String json = ReceiptJson.write(WRITER.write(SampleDecisions.random(new Random(seed))));
        assertThat(SCHEMA.validate(json, InputFormat.JSON)).isEmpty();
    }

    @Test
    void theSchemaRefusesAKeyItDoesNotKnow() {
        String json = ReceiptJson.write(WRITER.write(SampleDecisions.random(new Random(1))));
        assertThat(SCHEMA.validate(json.replaceFirst("\"spec\":1", "\"spec\":1,\"mood\":\"good\""), InputFormat.JSON))
                .isNotEmpty();
        assertThat(SCHEMA.validate(json.replaceFirst("\"decidedBy\"", "\"x\":1,\"decidedBy\""), InputFormat.JSON))
                .isNotEmpty();
    }

    @Property(tries = 1000)
    void aParserOfTheGrammarReadsTheSameSlotsBack(@ForAll long seed) {
        Decided decided = SampleDecisions.random(new Random(seed));
        Receipt receipt = WRITER.write(decided);
        Headline said = SentenceParser.headline(receipt.headline());
        Choice choice = decided.choice();
        Route route = decided.route();
        assertThat(receipt.headline()).hasSizeLessThanOrEqualTo(240);
        assertThat(said.who()).isEqualTo(switch (route.action()) {
            case STOP -> "Not routed";
            case KEEP_OWNER -> "Kept with";
            case ASSIGN -> choice.target().orElseThrow().kind() == Target.Kind.QUEUE ? "Sent to" : "Assigned to";
        });
        choice.owner().ifPresent(owner -> assertThat(said.name()).contains(owner.name()));
        assertThat(said.pool()).isEqualTo(choice.pick().map(pick -> pick.pool()));
        assertThat(said.rule()).isEqualTo(route.rule());
        if (route.rule().isEmpty()) {
            assertThat(said.fallback()).isEqualTo(choice.target().map(Target::toString));
        }
        assertThat(said.inactive()).isEqualTo(choice.pick().map(pick -> pick.excluded().stream()
                .map(one -> name(decided, one.user())).toList()).orElse(List.of()));
        for (Receipt.Step step : receipt.steps()) {
            if (step.code().equals("POOL_PICK")) {
                Map<String, String> owed = new TreeMap<>();
                owed.put("*", name(decided, choice.pick().orElseThrow().user()));
                choice.pick().orElseThrow().owed()
                        .forEach((user, value) -> owed.put(name(decided, user), value.rounded().toString()));
                assertThat(SentenceParser.pool(step.text())).isEqualTo(owed);
            }
            if (step.code().equals("SCORE")) {
                SentenceParser.Scored scored = SentenceParser.score(step.text());
                assertThat(scored.total()).isEqualTo(decided.score().total());
                assertThat(scored.points().stream().map(BigDecimal::new).toList()).isEqualTo(
                        receipt.score().orElseThrow().lines().stream().map(Receipt.Line::points).toList());
            }
        }
    }

    @Property(tries = 1000)
    void noTextHoldsAnAddressOrAPhoneNumber(@ForAll long seed) {
        Receipt receipt = WRITER.write(SampleDecisions.random(new Random(seed)));
        assertThat(ReceiptJson.write(receipt)).doesNotContain("@", "555-0100");
    }

    @Property(tries = 500)
    void theHashIsOverTheCanonicalJsonThatAnyLibraryMakes(@ForAll long seed, @ForAll long number, @ForAll String text)
            throws IOException {
        Decided decided = SampleDecisions.random(new Random(seed));
        Receipt receipt = WRITER.write(new Decided(decided.decisionId(), decided.eventId(), 1, decided.at(),
                decided.rules(), SampleDecisions.sheet(Map.of("company.employees", number, "lead.city", text)),
                decided.score(), decided.route(), decided.choice(), Optional.of("c".repeat(64))));
        ObjectNode node = (ObjectNode) new ObjectMapper().readTree(ReceiptJson.write(receipt));
        assertThat(node.remove("hash").textValue()).isEqualTo(receipt.hash());
        assertThat(ReceiptJson.canonical(receipt)).isEqualTo(new JsonCanonicalizer(node.toString()).getEncodedString());
    }

    @Property(tries = 200)
    void aStoredReceiptIsIntactAndAChangedOneIsNot(@ForAll long seed) {
        Receipt receipt = WRITER.write(SampleDecisions.random(new Random(seed)));
        Receipt stored = ReceiptJson.read(ReceiptJson.body(receipt), ReceiptJson.facts(receipt), receipt.hash(), "");
        assertThat(ReceiptJson.intact(stored)).isTrue();
        assertThat(ReceiptJson.write(stored)).isEqualTo(ReceiptJson.write(receipt));
        Receipt edited = ReceiptJson.read(ReceiptJson.body(receipt),
                ReceiptJson.facts(receipt).replace("\"US\"", "\"CA\""), receipt.hash(), "");
        assertThat(ReceiptJson.intact(edited)).isFalse();
    }

    @Property(tries = 1000)
    void theDifferencesOfTheLinesSumToTheChangeOfTheTotal(@ForAll long one, @ForAll long other) {
        Receipt before = WRITER.write(SampleDecisions.random(new Random(one)));
        Receipt after = WRITER.write(SampleDecisions.random(new Random(other)));
        ReceiptDiff diff = ReceiptDiff.of(before, after);
        assertThat(diff.lines().stream().map(ReceiptDiff.ChangedLine::difference)
                .reduce(BigDecimal.ZERO, BigDecimal::add)).isEqualByComparingTo(diff.total());
        assertThat(ReceiptDiff.of(before, before).lines()).isEmpty();
        assertThat(ReceiptDiff.of(before, before).facts()).isEmpty();
    }

    @Test
    void theDifferenceNamesTheFactsThatChanged() {
        Receipt before = WRITER.write(SampleDecisions.decided(SampleDecisions.rules(true),
                SampleDecisions.sheet(Map.of("lead.country", "US", "company.employees", 10L)), SampleDecisions.score("5"),
                SampleDecisions.row("x", REST), queue()));
        Receipt after = WRITER.write(SampleDecisions.decided(SampleDecisions.rules(true),
                SampleDecisions.sheet(Map.of("company.employees", 20L, "lead.isNew", true)), SampleDecisions.score("7"),
                SampleDecisions.row("x", REST), queue()));
        assertThat(ReceiptDiff.of(before, after).facts()).extracting(ReceiptDiff.ChangedFact::variable)
                .containsExactly("company.employees", "lead.country", "lead.isNew");
        assertThat(ReceiptDiff.of(before, after).total()).isEqualByComparingTo("2");
    }

    private static Choice queue() {
        return new Choice(Optional.of(new Choice.Owner("00G-rest", "Unassigned")), Optional.of(REST), 0,
                Optional.empty(), List.of());
    }

    private static String name(Decided decided, String user) {
        Person person = decided.rules().people().get(user);
        return person.name();
    }
}
