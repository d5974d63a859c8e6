package io.leadroutes.sandbox.world;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Leads as a web form brings them in, under the field names of the Salesforce Lead. Most are people of the world with their work
 * address; some have only a name and a company, some a free address, some are unknown to the world, some have opted out. The n-th
 * lead of a seed is always the same. A field that was not filled in is left out.
 */
public final class SampleLeads {

    private static final Set<String> FOCUS = Set.of("US", "DE", "GB", "FR", "CA");
    private static final String[] SOURCES = {"demo_request", "demo_request", "webinar", "webinar", "content", "content",
        "content", "contact_us", "trade_show", "pricing_page"};
    private static final String[] FREE_MAIL = {"gmail.com", "outlook.com", "yahoo.com", "icloud.com"};

    private final List<Person> people;
    private final List<Person> focusPeople;
    private final List<Person> optedOut;
    private final long seed;
    private long next;

    public SampleLeads(World world, long seed) {
        this.seed = seed;
        this.people = world.people();
        this.focusPeople = people.stream().filter(p -> FOCUS.contains(p.place().countryCode()) && !p.optedOut()).toList();
        this.optedOut = people.stream().filter(p -> p.optedOut() && !p.email().isEmpty()).toList();
    }

    /** The next lead in turn. For one thread. */
    public Map<String, String> next() {
        return lead(next++);
    }

    /** The lead of a number from 0 on, the same at every call. */
    public Map<String, String> lead(long number) {
        long key = Hashes.mix(seed, number);
        int kind = Hashes.below(key, 1, 100);
        if (kind >= 92 && kind < 97) {
            return unknown(key);
        }
        Person person = kind >= 97 ? optedOut.get(Hashes.below(key, 2, optedOut.size()))
                : Hashes.below(key, 3, 10) < 9 ? focusPeople.get(Hashes.below(key, 4, focusPeople.size()))
                : people.get(Hashes.below(key, 4, people.size()));
        String email = kind >= 78 && kind < 85 ? ""
                : kind >= 85 && kind < 92 ? freeMail(person.firstName(), person.lastName(), key) : person.email();
        return form(person.firstName(), person.lastName(), email, person.company(), person.jobTitle(), person.directPhone(),
                key);
    }

    private Map<String, String> unknown(long key) {
        Person first = people.get(Hashes.below(key, 5, people.size()));
        Person last = people.get(Hashes.below(key, 6, people.size()));
        Company company = people.get(Hashes.below(key, 7, people.size())).company();
        String firstName = first.firstName();
        String lastName = last.lastName() + "-" + first.lastName();
        String domain = Names.company(company.name()).replace(" ", "") + "-unknown.com";
        String local = Names.plain(firstName).replace(" ", "") + "." + Names.plain(last.lastName()).replace(" ", "");
        boolean knownCompany = Hashes.below(key, 8, 2) == 0;
        Map<String, String> lead = form(firstName, lastName, local + "@" + domain, company, first.jobTitle(), "", key);
        if (!knownCompany) {
            lead.put("Company", "Unlisted " + Names.company(company.name()).toUpperCase(Locale.ROOT));
        }
        lead.remove("Website");
        return lead;
    }

    private static Map<String, String> form(String first, String last, String email, Company company, String title,
            String phone, long key) {
        Map<String, String> lead = new LinkedHashMap<>();
        // People type as they like: a few in capitals or in small letters.
        int typing = Hashes.below(key, 9, 20);
        put(lead, "FirstName", typing == 0 ? first.toUpperCase(Locale.ROOT) : typing == 1 ? first.toLowerCase(Locale.ROOT) : first);
        put(lead, "LastName", last);
        put(lead, "Email", typing == 2 ? email.toUpperCase(Locale.ROOT) : email);
        put(lead, "Company", company.name());
        put(lead, "Title", Hashes.below(key, 10, 2) == 0 ? title : "");
        put(lead, "Phone", Hashes.below(key, 11, 3) == 0 ? phone : "");
        boolean address = Hashes.below(key, 12, 10) < 6;
        put(lead, "Street", address ? company.street() : "");
        put(lead, "City", address ? company.place().city() : "");
        put(lead, "State", address ? company.place().state() : "");
        put(lead, "PostalCode", address ? company.zipCode() : "");
        put(lead, "Country", Hashes.below(key, 13, 10) < 8 ? company.place().country() : "");
        put(lead, "Website", Hashes.below(key, 14, 4) == 0 ? company.website() : "");
        put(lead, "LeadSource", SOURCES[Hashes.below(key, 15, SOURCES.length)]);
        return lead;
    }

    private static String freeMail(String first, String last, long key) {
        return Names.plain(first).replace(" ", "") + Names.plain(last).replace(" ", "") + Hashes.below(key, 16, 90) + "@"
                + FREE_MAIL[Hashes.below(key, 17, FREE_MAIL.length)];
    }

    private static void put(Map<String, String> lead, String field, String value) {
        if (!value.isEmpty()) {
            lead.put(field, value);
        }
    }
}
