package io.leadroutes.sandbox.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SignalsTest {

    private static final World WORLD = World.of(42);
    private static final Signals SIGNALS = new Signals(WORLD);

    @Test
    void askedTwiceTheWorldTellsTheSame() {
        for (Company company : WORLD.companies().subList(0, 200)) {
            assertThat(words(new Signals(WORLD), company)).isEqualTo(words(SIGNALS, company));
        }
    }

    @Test
    void idsOfScoopsAndIntentAndAddressesOfNewsAreUnique() {
        assertUnique(all(SIGNALS::scoops).map(Scoop::id));
        assertUnique(all(SIGNALS::intent).map(IntentSignal::id));
        assertUnique(all(SIGNALS::news).map(NewsItem::url));
    }

    @Test
    void everythingHappenedBeforeTodayAndSomeOfItInTheLastThirtyDays() {
        assertThat(all(SIGNALS::scoops)).allMatch(s -> !s.published().isAfter(World.TODAY)
                && !s.originalPublished().isAfter(s.published()) && s.originalPublished().isAfter(World.TODAY.minusDays(181)));
        assertThat(all(SIGNALS::scoops).filter(s -> s.published().isAfter(World.TODAY.minusDays(30))).count())
                .isGreaterThan(3_000);
        assertThat(all(SIGNALS::news)).allMatch(n -> n.pageDate().isBefore(World.TODAY.atStartOfDay()));
        assertThat(all(SIGNALS::intent)).allMatch(i -> !i.date().isAfter(World.TODAY)
                && i.date().isAfter(World.TODAY.minusDays(90)) && i.date().getDayOfWeek() == World.TODAY.getDayOfWeek());
    }

    @Test
    void everyTypeTopicCategoryScoreAndStrengthOccurs() {
        assertThat(all(SIGNALS::scoops).map(Scoop::type)).containsAll(Scoop.TYPES);
        assertThat(all(SIGNALS::scoops).flatMap(s -> s.topics().stream())).containsAll(Scoop.TOPICS);
        assertThat(all(SIGNALS::news).flatMap(n -> n.categories().stream())).containsAll(NewsItem.CATEGORIES);
        assertThat(all(SIGNALS::intent).map(IntentSignal::topic)).containsAll(IntentTopic.ALL);
        assertThat(all(SIGNALS::intent).map(IntentSignal::score)).contains(60, 100).allMatch(s -> s >= 60 && s <= 100);
        assertThat(all(SIGNALS::intent).map(IntentSignal::audienceStrength)).contains('A', 'B', 'C', 'D', 'E')
                .allMatch(s -> s >= 'A' && s <= 'E');
    }

    @Test
    void nobodyWhoOptedOutIsNamedAndContactsBelongToTheCompany() {
        assertThat(all(SIGNALS::scoops)).allMatch(s -> s.contacts().stream()
                .allMatch(p -> !p.optedOut() && p.company() == s.company()));
        assertThat(all(SIGNALS::intent)).allMatch(i -> i.recommendedContacts().stream()
                .allMatch(p -> !p.optedOut() && p.company() == i.company()) && i.recommendedContacts().size() <= 3);
    }

    @Test
    void aTakeoverIsInThePaperOfBothCompanies() {
        NewsItem takeover = all(SIGNALS::news).filter(n -> n.companies().size() == 2).findFirst().orElseThrow();
        for (Company company : takeover.companies()) {
            assertThat(SIGNALS.newsNaming(company)).extracting(NewsItem::url).contains(takeover.url());
        }
    }

    @Test
    void aSignalIsNewOnlyWhereNoneCameBeforeIt() {
        for (Company company : WORLD.companies().subList(0, 500)) {
            List<IntentSignal> signals = SIGNALS.intent(company);
            for (IntentSignal signal : signals) {
                boolean earlier = signals.stream().anyMatch(other -> other.topic().equals(signal.topic())
                        && other.date().isBefore(signal.date()));
                assertThat(signal.isNew()).isEqualTo(!earlier);
            }
        }
    }

    private static <T> Stream<T> all(Function<Company, List<T>> of) {
        return WORLD.companies().stream().flatMap(company -> of.apply(company).stream());
    }

    private static void assertUnique(Stream<?> ids) {
        Set<Object> seen = new HashSet<>();
        ids.forEach(id -> assertThat(seen.add(id)).as("%s", id).isTrue());
        assertThat(seen).hasSizeGreaterThan(10_000);
    }

    private static List<String> words(Signals signals, Company company) {
        return Stream.of(signals.scoops(company).stream().map(s -> s.id() + s.description() + s.published() + s.link()),
                signals.news(company).stream().map(n -> n.url() + n.title() + n.pageDate() + n.categories()),
                signals.intent(company).stream().map(i -> i.id() + i.topic().name() + i.score() + i.date() + i.trend()
                        + i.recommendedContacts() + i.topLocations())).flatMap(s -> s).toList();
    }
}
