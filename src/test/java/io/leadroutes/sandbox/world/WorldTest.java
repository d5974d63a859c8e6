package io.leadroutes.sandbox.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorldTest {

    private static final World WORLD = World.of(42);

    @Test
    void sameSeedGivesTheSameWorldAndAnotherSeedAnotherOne() {
        assertThat(summary(World.of(42))).isEqualTo(summary(WORLD));
        assertThat(summary(World.of(43))).isNotEqualTo(summary(WORLD));
    }

    @Test
    void everyPersonIsFoundByIdEmailHashPhoneAndNameWithCompany() {
        assertThat(WORLD.companies()).hasSize(10_000);
        assertThat(WORLD.people()).hasSizeBetween(95_000, 105_000);
        for (int i = 0; i < WORLD.people().size(); i += 997) {
            Person person = WORLD.people().get(i);
            assertThat(WORLD.personById(person.id())).containsSame(person);
            assertThat(WORLD.peopleNamed(person.fullName(), person.company())).contains(person);
            if (!person.email().isEmpty()) {
                assertThat(WORLD.personByEmail(person.email().toUpperCase())).containsSame(person);
                for (String hash : World.hashedEmails(person)) {
                    assertThat(WORLD.personByHashedEmail(hash)).containsSame(person);
                }
            }
            if (!person.directPhone().isEmpty()) {
                assertThat(WORLD.peopleByPhone(person.directPhone())).contains(person);
            }
        }
    }

    @Test
    void everyCompanyIsFoundByIdNameAndDomain() {
        for (int i = 0; i < WORLD.companies().size(); i += 97) {
            Company company = WORLD.companies().get(i);
            assertThat(WORLD.companyById(company.id())).containsSame(company);
            assertThat(WORLD.companiesNamed(Names.company(company.name()))).contains(company);
            if (!company.domain().isEmpty()) {
                assertThat(WORLD.companyByDomain("https://www." + company.domain() + "/about")).containsSame(company);
            }
            assertThat(WORLD.companyByIp(company.ipPrefix() + "9")).containsSame(company);
        }
    }

    @Test
    void idsAndAddressesAreUnique() {
        Set<Long> ids = new HashSet<>();
        Set<String> emails = new HashSet<>();
        for (Person person : WORLD.people()) {
            assertThat(ids.add(person.id())).isTrue();
            assertThat(person.email().isEmpty() || emails.add(person.email())).isTrue();
        }
    }

    @Test
    void hasTheDirtOfRealData() {
        List<Person> people = WORLD.people();
        assertThat(people).anyMatch(p -> p.id() < 0).anyMatch(Person::optedOut).anyMatch(p -> p.email().isEmpty())
                .anyMatch(p -> p.jobTitle().isEmpty()).anyMatch(p -> p.directPhone().isEmpty())
                .anyMatch(p -> p.hasMoved().equals("Yes") && !p.formerEmail().isEmpty())
                .anyMatch(p -> p.noticeProvided().isPresent() && p.place().withinEu())
                .anyMatch(p -> p.noticeProvided().isPresent() && p.place().withinCalifornia())
                .anyMatch(p -> p.noticeProvided().isPresent() && p.place().withinCanada())
                .anyMatch(p -> p.zipCode().matches("\\d{5}-\\d{4}"))
                .anyMatch(p -> WORLD.peopleNamed(p.fullName(), p.company()).size() > 1)
                .anyMatch(p -> WORLD.peopleNamed(p.fullName()).size() > 2);
        assertThat(WORLD.companies()).anyMatch(c -> c.parent().isPresent()).anyMatch(c -> c.revenueThousands() == 0)
                .anyMatch(c -> WORLD.companiesNamed(c.name()).size() > 1).anyMatch(c -> !c.ticker().isEmpty());
    }

    @Test
    void sampleLeadsAreRepeatableAndMostlyKnownPeople() {
        SampleLeads leads = new SampleLeads(WORLD, 7);
        List<Map<String, String>> sample = IntStream.range(0, 1_000).mapToObj(leads::lead).toList();
        assertThat(sample).isEqualTo(inTurn(new SampleLeads(WORLD, 7)));
        long known = sample.stream().filter(lead -> WORLD.personByEmail(lead.getOrDefault("Email", "")).isPresent()).count();
        assertThat(known).isBetween(650L, 900L);
        assertThat(sample).allMatch(lead -> lead.containsKey("LastName") && lead.containsKey("Company")
                && lead.containsKey("LeadSource"))
                .anyMatch(lead -> !lead.containsKey("Email"))
                .anyMatch(lead -> lead.getOrDefault("Email", "").endsWith("@gmail.com"))
                .anyMatch(lead -> WORLD.personByEmail(lead.getOrDefault("Email", "")).filter(Person::optedOut).isPresent());
    }

    private static List<Map<String, String>> inTurn(SampleLeads leads) {
        return IntStream.range(0, 1_000).mapToObj(n -> leads.next()).toList();
    }

    private static String summary(World world) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < world.people().size(); i += 5_003) {
            Person p = world.people().get(i);
            text.append(p.id()).append(p.fullName()).append(p.email()).append(p.directPhone()).append(p.zipCode())
                    .append(p.company()).append(p.company().employees()).append(p.noticeProvided()).append('\n');
        }
        return text.toString();
    }
}
