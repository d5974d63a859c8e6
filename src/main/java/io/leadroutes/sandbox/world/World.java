package io.leadroutes.sandbox.world;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Some ten thousand companies and a hundred thousand people with the dirt that real data has: missing fields, several people and
 * companies of one name, people who moved, subsidiaries, opt-outs, negative ids. The same seed gives the same world.
 *
 * <p>Immutable but for indexes that are built when first asked for, and for {@link #changes()}; safe for several threads.
 */
public final class World {

    /** The day the world was made; all dates in it count back from here, so that it does not change from day to day. */
    public static final LocalDate TODAY = LocalDate.of(2026, 11, 1);

    static final long FIRST_COMPANY_ID = 2_000_003L;
    static final long COMPANY_ID_STEP = 977L;
    private static final int COMPANIES = 10_000;
    private static final int PEOPLE = 100_000;
    private static final String[] HASHES = {"MD5", "SHA-1", "SHA-256", "SHA-512"};
    private static final int[] HASH_LENGTHS = {32, 40, 64, 128};

    private final List<Company> companies;
    private final List<Person> people;
    private final List<Technology> technologies;
    private final List<Industry> industries;
    private final List<Place> places;
    private final Map<String, List<Place>> placesByCountry = new HashMap<>();
    private final Map<Company, List<Company>> children = new HashMap<>();
    private final Networks networks;
    private final Map<Long, Company> companyById = new HashMap<>();
    private final Map<String, Company> companyByDomain = new HashMap<>();
    private final Map<String, List<Company>> companiesByName = new HashMap<>();
    private final Map<Long, Person> personById = new HashMap<>();
    private final Map<String, Person> personByEmail = new HashMap<>();
    private final Map<Company, List<Person>> formerPeople = new HashMap<>();
    private final Map<Integer, Map<Long, Person>> personByHash = new HashMap<>();
    private Map<String, List<Person>> peopleByPhone;
    private Map<String, List<Person>> peopleByName;
    private Map<String, Company> companyByPhone;
    private Map<String, List<Site>> sitesByStreet;
    private final Changes changes = new Changes(this);

    private World(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Pools pools = new Pools(seed);
        technologies = List.copyOf(pools.technologies());
        industries = List.copyOf(pools.industries());
        companies = Collections.unmodifiableList(makeCompanies(pools, random.split()));
        people = Collections.unmodifiableList(makePeople(pools, random.split()));
        places = List.copyOf(pools.places());
        places.forEach(place -> placesByCountry.computeIfAbsent(place.countryCode(), key -> new ArrayList<>()).add(place));
        companies.forEach(company -> company.parent().ifPresent(parent ->
                children.computeIfAbsent(parent, key -> new ArrayList<>(2)).add(company)));
        networks = new Networks(companies, List.copyOf(pools.providers()), places);
    }

    /** Builds the world of a seed; takes about a second. */
    public static World of(long seed) {
        return new World(seed);
    }

    /** What happens in the world while it runs. */
    public Changes changes() {
        return changes;
    }

    public List<Company> companies() {
        return companies;
    }

    public List<Person> people() {
        return people;
    }

    public List<Technology> technologies() {
        return technologies;
    }

    public List<Industry> industries() {
        return industries;
    }

    /** The cities where companies and people are. */
    public List<Place> places() {
        return places;
    }

    /** Who browses from which address. */
    public Networks networks() {
        return networks;
    }

    /** The companies whose parent it is, in the order of their ids. */
    public List<Company> childrenOf(Company company) {
        return Collections.unmodifiableList(children.getOrDefault(company, List.of()));
    }

    /** All sites of a company, the headquarters first. */
    public List<Site> sitesOf(Company company) {
        List<Site> sites = new ArrayList<>(company.siteCount());
        for (int number = 0; number < company.siteCount(); number++) {
            sites.add(site(company, number));
        }
        return sites;
    }

    /** By its own id; the id of a company is that of its headquarters. */
    public Optional<Site> siteById(long id) {
        Company headquarters = companyById.get(id);
        if (headquarters != null) {
            return Optional.of(site(headquarters, 0));
        }
        int number = (int) (id % Site.IDS_PER_COMPANY);
        return Optional.ofNullable(companyById.get(id / Site.IDS_PER_COMPANY))
                .filter(company -> number > 0 && number < company.siteCount()).map(company -> site(company, number));
    }

    /** Sites at a street and house number, however it is written; headquarters first. */
    public synchronized List<Site> sitesAt(String street) {
        if (sitesByStreet == null) {
            Map<String, List<Site>> index = new HashMap<>();
            for (Company company : companies) {
                for (Site site : sitesOf(company)) {
                    if (!site.street().isEmpty()) {
                        index.computeIfAbsent(Names.plain(site.street()), key -> new ArrayList<>(1)).add(site);
                    }
                }
            }
            index.values().forEach(list -> list.sort(Comparator.comparing(site -> !site.isHeadquarters())));
            sitesByStreet = index;
        }
        return sitesByStreet.getOrDefault(Names.plain(street), List.of());
    }

    private Site site(Company company, int number) {
        List<Place> near = placesByCountry.get(company.place().countryCode());
        return new Site(company, number, number == 0 ? company.place()
                : near.get(company.trait(40_000 + number, near.size())));
    }

    public Optional<Person> personById(long id) {
        return Optional.ofNullable(personById.get(id));
    }

    /** By present or former work address, in any case. */
    public Optional<Person> personByEmail(String email) {
        String key = email.strip().toLowerCase(Locale.ROOT);
        Person person = personByEmail.get(key);
        return person != null ? Optional.of(person) : changes.personByEmail(key);
    }

    /** By the hex MD5, SHA-1, SHA-256 or SHA-512 of the lower-cased work address. */
    public Optional<Person> personByHashedEmail(String hash) {
        for (int i = 0; i < HASHES.length; i++) {
            if (hash.length() == HASH_LENGTHS[i] && hash.matches("[0-9a-fA-F]+")) {
                int kind = i;
                Map<Long, Person> index;
                synchronized (personByHash) {
                    index = personByHash.computeIfAbsent(kind, this::hashIndex);
                }
                return Optional.ofNullable(index.get(Long.parseUnsignedLong(hash.substring(0, 16), 16)))
                        .or(() -> changes.personByHash(hash.toLowerCase(Locale.ROOT)))
                        .filter(person -> hashedEmail(person, kind).equalsIgnoreCase(hash));
            }
        }
        return Optional.empty();
    }

    /** The hashes of a person's work address, MD5 first; none without an address. */
    public static List<String> hashedEmails(Person person) {
        if (person.email().isEmpty()) {
            return List.of();
        }
        List<String> hashes = new ArrayList<>(HASHES.length);
        for (int i = 0; i < HASHES.length; i++) {
            hashes.add(hashedEmail(person, i));
        }
        return hashes;
    }

    /** By direct or mobile number, however it is written. */
    public synchronized List<Person> peopleByPhone(String phone) {
        if (peopleByPhone == null) {
            Map<String, List<Person>> index = new HashMap<>();
            for (Person person : people) {
                for (String number : new String[] {person.firstDirectPhone(), person.mobilePhone()}) {
                    if (!number.isEmpty()) {
                        add(index, Names.phone(number), person);
                    }
                }
            }
            peopleByPhone = index;
        }
        String wanted = Names.phone(phone);
        List<Person> found = new ArrayList<>(peopleByPhone.getOrDefault(wanted, List.of()));
        found.addAll(changes.peopleByPhone(wanted));
        found.removeIf(person -> !Names.phone(person.directPhone()).equals(wanted)
                && !Names.phone(person.mobilePhone()).equals(wanted));
        return found;
    }

    /** Everybody of that first and last name, in any company. */
    public synchronized List<Person> peopleNamed(String fullName) {
        if (peopleByName == null) {
            Map<String, List<Person>> index = new HashMap<>();
            for (Person person : people) {
                add(index, Names.plain(person.fullName()), person);
            }
            peopleByName = index;
        }
        return peopleByName.getOrDefault(Names.plain(fullName), List.of());
    }

    /** Those of a full name who work for the company, then those who worked there before. */
    public List<Person> peopleNamed(String fullName, Company company) {
        String wanted = Names.plain(fullName);
        List<Person> found = new ArrayList<>(1);
        for (Person person : peopleOf(company)) {
            if (person.isNamed(wanted)) {
                found.add(person);
            }
        }
        for (Person person : formerPeople.getOrDefault(company, List.of())) {
            if (person.isNamed(wanted) && !found.contains(person)) {
                found.add(person);
            }
        }
        for (Person person : changes.left(company)) {
            if (person.isNamed(wanted) && !found.contains(person)) {
                found.add(person);
            }
        }
        return found;
    }

    /** Those who work for the company now. */
    public List<Person> peopleOf(Company company) {
        List<Person> first = people.subList(company.firstPerson, company.firstPerson + company.personCount);
        if (!changes.touch(company)) {
            return first;
        }
        List<Person> now = new ArrayList<>(first);
        changes.joined(company).stream().filter(person -> !first.contains(person)).forEach(now::add);
        now.removeIf(person -> person.company() != company);
        return now;
    }

    public Optional<Company> companyById(long id) {
        return Optional.ofNullable(companyById.get(id));
    }

    /** By web address or bare domain. */
    public Optional<Company> companyByDomain(String website) {
        return Optional.ofNullable(companyByDomain.get(Names.domain(website)));
    }

    /** By present or first name, legal form and spelling of accents aside; those of the very legal form first, then the largest. */
    public List<Company> companiesNamed(String name) {
        String key = Names.company(name);
        List<Company> found = companiesByName.getOrDefault(key, List.of());
        List<Company> renamed = changes.companiesNamed(key);
        if (!renamed.isEmpty()) {
            found = new ArrayList<>(found);
            found.removeAll(renamed);
            found.addAll(renamed);
        }
        if (found.size() < 2) {
            return found;
        }
        String plain = Names.plain(name);
        List<Company> ordered = new ArrayList<>(found);
        ordered.sort(Comparator.comparing(company -> !Names.plain(company.name()).equals(plain)));
        return ordered;
    }

    public synchronized Optional<Company> companyByPhone(String phone) {
        if (companyByPhone == null) {
            Map<String, Company> index = new HashMap<>();
            for (Company company : companies) {
                if (!company.firstPhone().isEmpty()) {
                    index.putIfAbsent(Names.phone(company.firstPhone()), company);
                }
            }
            companyByPhone = index;
        }
        String wanted = Names.phone(phone);
        return Optional.ofNullable(companyByPhone.get(wanted)).filter(company -> Names.phone(company.phone()).equals(wanted))
                .or(() -> changes.companyByPhone(wanted).filter(company -> Names.phone(company.phone()).equals(wanted)));
    }

    /** By an address of one of its networks, IPv4 or IPv6. */
    public Optional<Company> companyByIp(String address) {
        return Networks.parse(address).flatMap(networks::of).flatMap(Network::company);
    }

    private List<Company> makeCompanies(Pools pools, SplittableRandom random) {
        List<Company> made = new ArrayList<>(COMPANIES);
        for (int i = 0; i < COMPANIES; i++) {
            Place place = pools.place(random);
            Industry industry = pools.industry(random);
            Optional<Company> parent = i > 500 && random.nextInt(100) < 12
                    ? Optional.of(largest(made, random)).filter(c -> c.parent().isEmpty() || c.employees() > 500)
                    : Optional.empty();
            // Log-normal with a median of some 90 employees.
            double size = Math.exp(4.5 + 1.7 * random.nextDouble(-1, 1) + 1.7 * random.nextDouble(-1, 1));
            int employees = (int) Math.max(1, Math.min(size * (random.nextInt(40) == 0 ? 30 : 1), 250_000));
            long revenue = Math.round(employees * (double) industry.revenuePerEmployee() * random.nextDouble(0.5, 1.6));
            String name = companyName(made, parent, place, pools, random);
            String domain = random.nextInt(100) < 3 ? "" : domain(name, place, i);
            String street = random.nextInt(100) < 4 ? ""
                    : random.nextInt(1, 2_000) + " " + pick(pools.language(place).streets(), random);
            Company company = new Company(FIRST_COMPANY_ID + i * COMPANY_ID_STEP, name, domain, place, street,
                    parent.isPresent() && random.nextBoolean() ? parent.get().industry() : industry,
                    random.nextInt(100) < 2 ? 0 : employees, random.nextInt(100) < 8 ? 0 : revenue, parent,
                    technologies(random), random.nextLong(), random.nextInt(100) == 0);
            made.add(company);
            companyById.put(company.id(), company);
            if (!domain.isEmpty()) {
                companyByDomain.put(domain, company);
            }
            companiesByName.computeIfAbsent(Names.company(name), key -> new ArrayList<>(1)).add(company);
        }
        companiesByName.values().forEach(list -> list.sort((a, b) -> Integer.compare(b.employees(), a.employees())));
        return made;
    }

    private List<Person> makePeople(Pools pools, SplittableRandom random) {
        double weights = 0;
        for (Company company : companies) {
            weights += Math.sqrt(Math.max(company.employees(), 9));
        }
        List<Person> made = new ArrayList<>(PEOPLE + COMPANIES);
        for (Company company : companies) {
            int count = Math.max(1, (int) Math.round(PEOPLE * Math.sqrt(Math.max(company.employees(), 9)) / weights));
            company.firstPerson = made.size();
            company.personCount = count;
            for (int rank = 0; rank < count; rank++) {
                made.add(makePerson(company, rank, made, pools, random));
            }
        }
        return made;
    }

    private Person makePerson(Company company, int rank, List<Person> before, Pools pools, SplittableRandom random) {
        Pools.Language names = pools.language(company.place());
        String first = Pools.skewed(names.firstNames(), random);
        String last = Pools.skewed(names.lastNames(), random);
        if (rank > 0 && random.nextInt(250) == 0) {
            // Two people of one name in one company.
            Person colleague = before.get(before.size() - 1);
            first = colleague.firstName();
            last = colleague.lastName();
        }
        int index = before.size();
        long id = 1_000_000_003L + index * 12_347L;
        if (index % 29 == 7) {
            id = -id;
        }
        Jobs.Job job = Jobs.draw(pools, rank, random);
        String title = random.nextInt(50) == 0 ? "" : job.title();
        Company former = random.nextInt(100) < 6 ? companies.get(random.nextInt(companies.size())) : null;
        former = former == company ? null : former;
        String email = random.nextInt(100) < 6 || company.domain().isEmpty() ? "" : email(first, last, company);
        String formerEmail = former == null || former.domain().isEmpty() ? "" : email(first, last, former);
        Place place = random.nextInt(5) == 0 ? pools.placeNear(company.place(), random) : company.place();
        String middle = random.nextInt(5) == 0 ? Pools.skewed(names.firstNames(), random) : "";
        Person person = new Person(id, first, middle, last, email, formerEmail, company, former, place, title, job.level(),
                job.function(), random.nextInt(1_000) < 15, random.nextLong());
        personById.put(id, person);
        if (!email.isEmpty()) {
            personByEmail.put(email, person);
        }
        if (former != null) {
            formerPeople.computeIfAbsent(former, key -> new ArrayList<>(2)).add(person);
            if (!formerEmail.isEmpty()) {
                personByEmail.put(formerEmail, person);
            }
        }
        return person;
    }

    /** An address in the company's style that nobody has yet. */
    private String email(String first, String last, Company company) {
        String f = mailPart(first);
        String l = mailPart(last);
        String local = switch (company.trait(1, 10)) {
            case 0, 1, 2 -> f.charAt(0) + l;
            case 3 -> f;
            case 4 -> f + l.charAt(0);
            default -> f + "." + l;
        };
        String email = local + "@" + company.domain();
        for (int n = 2; personByEmail(email).isPresent(); n++) {
            email = local + n + "@" + company.domain();
        }
        return email;
    }

    /** The address that a person would get at a company; empty where the company has no domain. */
    String freeEmail(Person person, Company company) {
        return company.domain().isEmpty() ? "" : email(person.firstName(), person.lastName(), company);
    }

    private static String mailPart(String name) {
        String plain = Names.plain(name).replace(" ", "");
        return plain.isEmpty() ? "x" : plain;
    }

    private static Company largest(List<Company> made, SplittableRandom random) {
        Company best = made.get(random.nextInt(made.size()));
        for (int i = 0; i < 8; i++) {
            Company other = made.get(random.nextInt(made.size()));
            best = other.employees() > best.employees() ? other : best;
        }
        return best;
    }

    private static String companyName(List<Company> made, Optional<Company> parent, Place place, Pools pools,
            SplittableRandom random) {
        int kind = random.nextInt(100);
        if (parent.isPresent() && kind < 60) {
            String stem = parent.get().name();
            int space = stem.lastIndexOf(' ');
            return (space > 0 ? stem.substring(0, space) : stem) + " " + place.country() + " " + legalForm(place, random);
        }
        if (made.size() > 100 && kind >= 97) {
            return made.get(random.nextInt(made.size())).name();
        }
        String[] lastNames = pools.language(place).lastNames();
        String stem = kind < 55 ? pick(lastNames, random) + " " + pools.companyWord(random)
                : kind < 75 ? pools.companyWord(random) + " " + pick(KINDS, random)
                : kind < 88 ? pick(lastNames, random) + " & " + pick(lastNames, random)
                : pick(lastNames, random) + " " + pick(KINDS, random);
        return stem + " " + legalForm(place, random);
    }

    private static final String[] KINDS = {"Systems", "Labs", "Partners", "Industries", "Solutions", "Holdings", "Works",
        "Technologies", "Logistics", "Analytics", "Networks", "Foods", "Medical", "Energy", "Capital", "Media"};

    private static String legalForm(Place place, SplittableRandom random) {
        return switch (place.countryCode()) {
            case "DE", "CH" -> random.nextInt(4) == 0 ? "AG" : "GmbH";
            case "FR" -> random.nextInt(2) == 0 ? "SAS" : "SA";
            case "GB", "IE", "AU", "IN", "SG" -> random.nextInt(5) == 0 ? "Plc" : "Ltd";
            case "NL" -> "BV";
            case "SE" -> "AB";
            case "IT" -> "SpA";
            case "ES" -> "SL";
            default -> pick(new String[] {"Inc", "Inc", "LLC", "Corp"}, random);
        };
    }

    private String domain(String name, Place place, int index) {
        String stem = Names.company(name).replace(" ", index % 3 == 0 ? "-" : "");
        String top = switch (place.countryCode()) {
            case "DE" -> ".de";
            case "FR" -> ".fr";
            case "GB" -> ".co.uk";
            case "CA" -> index % 2 == 0 ? ".ca" : ".com";
            case "NL" -> ".nl";
            case "IT" -> ".it";
            case "SE" -> ".se";
            default -> index % 12 == 0 ? ".io" : ".com";
        };
        String domain = stem + top;
        if (companyByDomain.containsKey(domain)) {
            domain = stem + "-" + Names.plain(place.city()).replace(" ", "") + top;
        }
        for (int n = 2; companyByDomain.containsKey(domain); n++) {
            domain = stem + n + top;
        }
        return domain;
    }

    private List<Technology> technologies(SplittableRandom random) {
        int count = random.nextInt(7);
        List<Technology> used = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Technology technology = technologies.get(random.nextInt(technologies.size()));
            if (!used.contains(technology)) {
                used.add(technology);
            }
        }
        return List.copyOf(used);
    }

    private Map<Long, Person> hashIndex(int kind) {
        Map<Long, Person> index = new HashMap<>(people.size() * 2);
        for (Person person : people) {
            if (!person.firstEmail().isEmpty()) {
                index.put(Long.parseUnsignedLong(Hashes.hex(HASHES[kind], person.firstEmail()).substring(0, 16), 16), person);
            }
        }
        return index;
    }

    private static String hashedEmail(Person person, int kind) {
        return Hashes.hex(HASHES[kind], person.email());
    }

    private static <T> void add(Map<String, List<T>> index, String key, T value) {
        List<T> present = index.get(key);
        if (present == null) {
            index.put(key, List.of(value));
        } else {
            List<T> longer = new ArrayList<>(present);
            longer.add(value);
            index.put(key, longer);
        }
    }

    private static String pick(String[] pool, SplittableRandom random) {
        return pool[random.nextInt(pool.length)];
    }
}
