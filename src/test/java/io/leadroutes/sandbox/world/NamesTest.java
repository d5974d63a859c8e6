package io.leadroutes.sandbox.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"  O'Neil-Smith, Jr. | o neil smith jr", "Müller & Söhne GmbH | muller sohne gmbh",
        "A.B. 42 | a b 42", "Straße | strasse"})
    void plainNamesHaveNoCaseAccentsOrPunctuation(String name, String plain) {
        assertThat(Names.plain(name)).isEqualTo(plain);
    }

    @Property
    void namesOfPlainLettersAreReadLikeAllOthers(@ForAll @CharRange(to = 127) @StringLength(max = 40) String name) {
        assertThat(Names.plain(name))
                .isEqualTo(name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip());
    }

    @Test
    void aPersonIsNamedWithAndWithoutTheMiddleName() {
        World world = World.of(42);
        Person person = world.people().stream().filter(p -> !p.middleName().isEmpty()).findFirst().orElseThrow();
        String longName = person.firstName() + " " + person.middleName() + " " + person.lastName();
        assertThat(world.peopleNamed(longName.toUpperCase(Locale.ROOT), person.company())).contains(person);
        assertThat(world.peopleNamed(person.fullName(), person.company())).contains(person);
        assertThat(world.peopleNamed(person.firstName() + " Else " + person.lastName(), person.company()))
                .doesNotContain(person);
    }
}
