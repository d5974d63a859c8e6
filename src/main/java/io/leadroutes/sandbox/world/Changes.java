package io.leadroutes.sandbox.world;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What happens in a world while it runs: people move, are promoted and opt out, companies are renamed and grow. Each
 * person and company carries its own change, so that whoever holds one sees it; here are the ways of finding what was
 * changed by its new address, number, name or employer.
 *
 * <p>Changes are made by one thread at a time and seen by all. Nothing but {@link #undo()} forgets a change.
 */
public final class Changes {

    /** What can happen to a person. */
    public enum PersonChange {
        PROMOTED, MOVED, OPTED_OUT
    }

    /** What can happen to a company. */
    public enum CompanyChange {
        RENAMED, GREW
    }

    private static final String[] NEW_NAMES = {"Global", "United", "Digital", "International", "Alliance", "Prime"};
    private static final int LOOKED_AT = 200;

    private final World world;
    private final Set<Person> people = new HashSet<>();
    private final Set<Company> companies = new HashSet<>();
    private final Map<String, Person> byEmail = new ConcurrentHashMap<>();
    private final Map<String, Person> byHash = new ConcurrentHashMap<>();
    private final Map<String, List<Person>> byPhone = new ConcurrentHashMap<>();
    private final Map<Company, List<Person>> joined = new ConcurrentHashMap<>();
    private final Map<Company, List<Person>> left = new ConcurrentHashMap<>();
    private final Map<String, List<Company>> byName = new ConcurrentHashMap<>();
    private final Map<String, Company> byCompanyPhone = new ConcurrentHashMap<>();
    private long made;

    Changes(World world) {
        this.world = world;
    }

    /**
     * Makes a change.
     *
     * @param at the moment that the record tells as its last update
     * @return false if nothing can change: somebody who has opted out stays so
     */
    public synchronized boolean change(Person person, PersonChange kind, LocalDateTime at) {
        Person.Present now = person.present();
        if (now.optedOut()) {
            return false;
        }
        long key = Hashes.mix(person.id(), ++made);
        switch (kind) {
            case OPTED_OUT -> person.become(new Person.Present(now.company(), now.formerCompany(), now.email(),
                    now.formerEmail(), now.directPhone(), now.jobTitle(), now.managementLevel(), now.function(), true, at,
                    now.positionStart(), now.history()));
            case PROMOTED -> promote(person, now, key, at);
            default -> move(person, now, key, at);
        }
        people.add(person);
        return true;
    }

    /** Makes a change; {@code at} as for a person. */
    public synchronized void change(Company company, CompanyChange kind, LocalDateTime at) {
        Company.Present now = company.present();
        long key = Hashes.mix(company.id(), ++made);
        if (kind == CompanyChange.RENAMED) {
            String name = rename(now.name(), key);
            String phone = Hashes.fill(company.place().phonePattern(), Hashes.mix(key, 2));
            company.become(new Company.Present(name, phone, now.employees(), now.revenue(), at.toLocalDate()));
            byName.merge(Names.company(name), List.of(company), Changes::both);
            byCompanyPhone.put(Names.phone(phone), company);
        } else {
            int employees = Math.max(now.employees(), 4);
            long revenue = Math.max(now.revenue(), employees * 100L);
            company.become(new Company.Present(now.name(), now.phone(), employees + Math.max(1, employees / 4),
                    revenue + revenue * 3 / 10, at.toLocalDate()));
        }
        companies.add(company);
    }

    /** Makes the world again what it was. */
    public synchronized void undo() {
        people.forEach(person -> person.become(null));
        companies.forEach(company -> company.become(null));
        for (Map<?, ?> each : List.of(byEmail, byHash, byPhone, joined, left, byName, byCompanyPhone)) {
            each.clear();
        }
        people.clear();
        companies.clear();
        made = 0;
    }

    private void promote(Person person, Person.Present now, long key, LocalDateTime at) {
        Jobs.Job job = Jobs.promotion(now.jobTitle(), now.managementLevel(), now.function(), key);
        person.become(new Person.Present(now.company(), now.formerCompany(), now.email(), now.formerEmail(),
                now.directPhone(), job.title(), job.level(), job.function(), false, at, at.toLocalDate(),
                after(now, at)));
    }

    private void move(Person person, Person.Present now, long key, LocalDateTime at) {
        Company to = employer(person, now.company(), key);
        String email = world.freeEmail(person, to);
        String phone = Hashes.fill(person.place().phonePattern(), Hashes.mix(key, 3));
        String former = now.email().isEmpty() ? now.formerEmail() : now.email();
        // Found under the new address before it is told, and by the old one for ever, as supplemental address.
        if (!email.isEmpty()) {
            byEmail.put(email, person);
        }
        byPhone.merge(Names.phone(phone), List.of(person), Changes::both);
        joined.merge(to, List.of(person), Changes::both);
        left.merge(now.company(), List.of(person), Changes::both);
        person.become(new Person.Present(to, now.company(), email, former, phone, now.jobTitle(), now.managementLevel(),
                now.function(), false, at, at.toLocalDate(), after(now, at)));
        World.hashedEmails(person).forEach(hash -> byHash.put(hash, person));
    }

    private static List<Employment> after(Person.Present before, LocalDateTime at) {
        List<Employment> history = new ArrayList<>();
        history.add(new Employment(before.company(), before.jobTitle(), before.managementLevel(), before.positionStart(),
                at.toLocalDate()));
        history.addAll(before.history());
        return List.copyOf(history);
    }

    /** Another company of the same country, as long as one with a domain is soon found. */
    private Company employer(Person person, Company present, long key) {
        List<Company> all = world.companies();
        Company any = present;
        for (int i = 0; i < LOOKED_AT; i++) {
            Company candidate = all.get(Hashes.below(key, 10L + i, all.size()));
            if (candidate != present && !candidate.domain().isEmpty() && !candidate.defunct()) {
                any = candidate;
                if (candidate.place().countryCode().equals(person.place().countryCode())) {
                    return candidate;
                }
            }
        }
        return any;
    }

    private static String rename(String name, long key) {
        int space = name.lastIndexOf(' ');
        String form = space > 0 ? name.substring(space) : "";
        String first = name.split(" ")[0];
        for (int i = 0;; i++) {
            String other = first + " " + NEW_NAMES[Hashes.below(key, 1L + i, NEW_NAMES.length)] + form;
            if (!other.equals(name)) {
                return other;
            }
        }
    }

    Optional<Person> personByEmail(String email) {
        return Optional.ofNullable(byEmail.get(email));
    }

    Optional<Person> personByHash(String hash) {
        return Optional.ofNullable(byHash.get(hash));
    }

    List<Person> peopleByPhone(String phone) {
        return byPhone.getOrDefault(phone, List.of());
    }

    Optional<Company> companyByPhone(String phone) {
        return Optional.ofNullable(byCompanyPhone.get(phone));
    }

    List<Company> companiesNamed(String name) {
        return byName.getOrDefault(name, List.of());
    }

    /** True if somebody has come to the company or has left it. */
    boolean touch(Company company) {
        return joined.containsKey(company) || left.containsKey(company);
    }

    /** Those who have come to the company at any time, whether or not they are still there. */
    List<Person> joined(Company company) {
        return joined.getOrDefault(company, List.of());
    }

    /** Those who have left the company at any time. */
    List<Person> left(Company company) {
        return left.getOrDefault(company, List.of());
    }

    private static <T> List<T> both(List<T> one, List<T> two) {
        Set<T> all = new java.util.LinkedHashSet<>(one);
        all.addAll(two);
        return List.copyOf(all);
    }
}
