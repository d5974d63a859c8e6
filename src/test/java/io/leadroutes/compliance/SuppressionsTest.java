package io.leadroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.TestDatabase;
import io.leadroutes.compliance.Suppressions.Identity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class SuppressionsTest {

    private static final String KEY = "a key of the operator's own";
    private final DataSource database = TestDatabase.fresh();
    private final Suppressions suppressions = new Suppressions(database, Optional.empty());

    private static Identity identity(String person, String email, String phone) {
        return new Identity(Optional.ofNullable(person), Optional.ofNullable(email), Optional.ofNullable(phone));
    }

    @Test
    void aPersonIsRecognisedByEachIdentifierInWhateverSpelling() {
        suppressions.suppress(identity("1234567890", "Ann.Lee@Example.com", "+1 (415) 555-0100"), "erasure", "asked",
                Map.of());

        assertThat(suppressions.isSuppressed(identity("1234567890", null, null))).isTrue();
        assertThat(suppressions.isSuppressed(identity(null, " ann.lee@example.COM ", null))).isTrue();
        assertThat(suppressions.isSuppressed(identity(null, null, "415.555.0100 ext. 12"))).isTrue();
        assertThat(suppressions.isSuppressed(identity("7", "ann@example.com", "415 555 0101"))).isFalse();
        assertThat(suppressions.suppressedPersons(List.of("1", "1234567890", "2"))).containsExactly("1234567890");
    }

    @Test
    void anIdentifierOfOneKindIsNotTakenForOneOfAnother() {
        suppressions.suppress(Identity.ofPerson("4155550100"), "webhook", "opted out", Map.of());

        assertThat(suppressions.isSuppressed(identity(null, null, "4155550100"))).isFalse();
    }

    @Test
    void theListHoldsNoIdentifier() {
        suppressions.suppress(identity("1234567890", "ann.lee@example.com", "4155550100"), "erasure", "asked", Map.of());

        String dump = new JdbcTemplate(database).queryForList("select * from suppression").toString();
        assertThat(dump).doesNotContain("ann.lee", "1234567890", "4155550100");
        // The same identifiers under another key are other hashes.
        DataSource other = TestDatabase.fresh();
        new Suppressions(other, Optional.empty()).suppress(identity("1234567890", null, null), "erasure", "", Map.of());
        assertThat(dump).doesNotContain(new JdbcTemplate(other).queryForObject("select hash from suppression",
                String.class));
    }

    @Test
    void theFirstEntryStaysAndALaterOneAddsWhatIsNew() {
        suppressions.suppress(Identity.ofPerson("1"), "enrich", "opted out", Map.of());
        suppressions.suppress(identity("1", "a@example.com", null), "webhook", "opted out", Map.of());

        assertThat(new JdbcTemplate(database).queryForList("select source from suppression order by kind desc",
                String.class)).containsExactly("enrich", "webhook");
        assertThat(new JdbcTemplate(database).queryForObject("select count(distinct subject) from suppression",
                Integer.class)).isEqualTo(1);
        // An erasure counts more: the person's data is not kept again.
        suppressions.suppress(Identity.ofPerson("1"), "erasure", "asked", Map.of());
        assertThat(suppressions.erased(List.of("1", "2"), Identity::ofPerson)).containsExactly("1");
    }

    @Test
    void anIdentityWithNothingToRecogniseItByIsRefused() {
        assertThatThrownBy(() -> suppressions.suppress(identity(" ", "", "x12"), "webhook", "", Map.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("person id");
        assertThat(suppressions.isSuppressed(identity(null, null, "12"))).isFalse();
    }

    @Test
    void allReplicasUseTheOneKeyThatWasMadeOnce() {
        suppressions.suppress(Identity.ofPerson("1"), "enrich", "opted out", Map.of());

        assertThat(new Suppressions(database, Optional.empty()).suppressedPersons(List.of("1"))).containsExactly("1");
    }

    @Test
    void anotherKeyThanThatOfTheListIsRefusedBecauseNobodyWouldBeRecognised() {
        suppressions.suppress(Identity.ofPerson("1"), "enrich", "opted out", Map.of());

        assertThatThrownBy(() -> new Suppressions(database, Optional.of(KEY)).suppressedPersons(List.of("1")))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("compliance.hash-key is not the key");
    }

    @Test
    void aKeyCanBeConfiguredWhileTheListIsEmptyAndMustThenStay() {
        assertThat(suppressions.suppressedPersons(List.of("1"))).isEmpty();
        new Suppressions(database, Optional.of(KEY)).suppress(Identity.ofPerson("1"), "enrich", "", Map.of());

        assertThat(new Suppressions(database, Optional.of(KEY)).suppressedPersons(List.of("1"))).containsExactly("1");
        assertThat(new JdbcTemplate(database).queryForObject("select key from suppression_key", byte[].class)).isNull();
        assertThatThrownBy(() -> new Suppressions(database, Optional.empty()).suppressedPersons(List.of("1")))
                .hasMessageContaining("compliance.hash-key is missing");
        assertThatThrownBy(() -> new Suppressions(database, Optional.of("short")).suppressedPersons(List.of("1")))
                .hasMessageContaining("16 characters");
    }
}
