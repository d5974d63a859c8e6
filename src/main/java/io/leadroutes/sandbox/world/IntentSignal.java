package io.leadroutes.sandbox.world;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A company read more than usual about a topic in one week. Worked out when asked for. */
public final class IntentSignal {

    private static final int MOST_CONTACTS = 3;
    private static final int MOST_LOCATIONS = 3;
    /** Whose places count for {@link #topLocations()}. */
    private static final int READERS = 40;

    private final World world;
    private final Company company;
    private final IntentTopic topic;
    private final int topicIndex;
    private final LocalDate date;
    private final int week;
    private final boolean first;

    IntentSignal(World world, Company company, int topicIndex, int weeksAgo, boolean first) {
        this.world = world;
        this.company = company;
        this.topic = IntentTopic.ALL.get(topicIndex);
        this.topicIndex = topicIndex;
        this.date = World.TODAY.minusWeeks(weeksAgo);
        this.week = weeksAgo;
        this.first = first;
    }

    public UUID id() {
        long high = Hashes.mix(company.id(), 31L * topicIndex + week);
        long low = Hashes.mix(high, 7);
        return new UUID(high & ~0xF000L | 0x4000L, low & ~(3L << 62) | 1L << 63);
    }

    public Company company() {
        return company;
    }

    public IntentTopic topic() {
        return topic;
    }

    /** 60 to 100. */
    public int score() {
        return score(week);
    }

    private int score(int weeksAgo) {
        return 60 + company.trait(Signals.INTENT + 1_000 + topicIndex * 20 + weeksAgo, 41);
    }

    /** {@code A} to {@code E}; A is the largest audience. */
    public char audienceStrength() {
        int size = company.employees() >= 5_000 ? 0 : company.employees() >= 500 ? 1 : 2;
        return (char) ('A' + size + company.trait(Signals.INTENT + 2_000 + topicIndex, 3));
    }

    /** Whether the company had no signal on the topic in the weeks before. */
    public boolean isNew() {
        return first;
    }

    /** The first day of the week after the reading; always the weekday of {@link World#TODAY}. */
    public LocalDate date() {
        return date;
    }

    /** Points that the score went up or down since the signal before; for a new one, points above 60. */
    public int trend() {
        return first ? score() - 60 : score() - score(week + 1);
    }

    /** Up to three people of the company who would buy the topic, highest level first. Nobody who opted out. */
    public List<Person> recommendedContacts() {
        return world.peopleOf(company).stream().filter(p -> !p.optedOut() && (p.managementLevel().equals("C-Level")
                        || p.function().department().equals(topic.department()) && !p.managementLevel().equals("Non-Manager")))
                .sorted(Comparator.comparingInt(IntentSignal::distance)).limit(MOST_CONTACTS).toList();
    }

    private static int distance(Person person) {
        return switch (person.managementLevel()) {
            case "C-Level" -> 0;
            case "VP-Level" -> 1;
            case "Director" -> 2;
            default -> 3;
        };
    }

    /** Up to three places that the reading came from, the headquarters first. */
    public List<Place> topLocations() {
        Set<Place> places = new LinkedHashSet<>();
        places.add(company.place());
        List<Person> people = world.peopleOf(company);
        for (int i = 0; i < Math.min(people.size(), READERS) && places.size() < MOST_LOCATIONS; i++) {
            places.add(people.get(i).place());
        }
        return new ArrayList<>(places);
    }
}
