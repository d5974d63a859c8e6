package io.leadroutes.sandbox.world;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A company of the world. Text that is not known is empty, numbers that are not known are 0. What follows from the rest is
 * worked out when asked for, which keeps the world small.
 */
public final class Company {

    private final long id;
    private final String name;
    private final String domain;
    private final Place place;
    private final String street;
    private final Industry industry;
    private final int employees;
    private final long revenue;
    private final Optional<Company> parent;
    private final List<Technology> technologies;
    private final long key;
    private final boolean defunct;
    /** What has become of the company since the world was made; null as long as nothing has. */
    private volatile Present present;
    int firstPerson;
    int personCount;

    /** The state of a company that changed; a change is one write of one reference, so that readers need no lock. */
    record Present(String name, String phone, int employees, long revenue, LocalDate updated) {
    }

    Company(long id, String name, String domain, Place place, String street, Industry industry, int employees,
            long revenue, Optional<Company> parent, List<Technology> technologies, long key, boolean defunct) {
        this.id = id;
        this.name = name;
        this.domain = domain;
        this.place = place;
        this.street = street;
        this.industry = industry;
        this.employees = employees;
        this.revenue = revenue;
        this.parent = parent;
        this.technologies = technologies;
        this.key = key;
        this.defunct = defunct;
    }

    public long id() {
        return id;
    }

    public String name() {
        Present now = present;
        return now == null ? name : now.name();
    }

    /** Bare domain, as in {@code example.com}. */
    public String domain() {
        return domain;
    }

    /** The domain with {@code www.} before it. */
    public String website() {
        return domain.isEmpty() ? "" : "www." + domain;
    }

    public Place place() {
        return place;
    }

    public String street() {
        return street;
    }

    /** Postal code; a fifth of those in the United States are ZIP+4. */
    public String zipCode() {
        String pattern = place.postalPattern();
        return Hashes.fill(place.countryCode().equals("US") && Hashes.below(key, 1, 5) == 0 ? pattern + "-####" : pattern,
                Hashes.mix(key, 2));
    }

    public String phone() {
        Present now = present;
        return now == null ? firstPhone() : now.phone();
    }

    /** The number with which the world was made. */
    String firstPhone() {
        return Hashes.below(key, 3, 20) == 0 ? "" : Hashes.fill(place.phonePattern(), Hashes.mix(key, 4));
    }

    public String fax() {
        return Hashes.below(key, 5, 3) > 0 ? "" : Hashes.fill(place.phonePattern(), Hashes.mix(key, 6));
    }

    public Industry industry() {
        return industry;
    }

    /** Number of employees; 0 if not known. */
    public int employees() {
        Present now = present;
        return now == null ? employees : now.employees();
    }

    /** Yearly revenue in thousands of US dollars; 0 if not known. */
    public long revenueThousands() {
        Present now = present;
        return now == null ? revenue : now.revenue();
    }

    public Optional<Company> parent() {
        return parent;
    }

    /** The top of the family; the company itself if it has no parent. */
    public Company ultimateParent() {
        Company top = this;
        while (top.parent.isPresent()) {
            top = top.parent.get();
        }
        return top;
    }

    public List<Technology> technologies() {
        return technologies;
    }

    public boolean defunct() {
        return defunct;
    }

    /** {@code PUBLIC}, {@code PRIVATE}, {@code NON_PROFIT}, {@code GOVERNMENT} or {@code EDUCATION}. */
    public String type() {
        return switch (industry.id()) {
            case "organizations" -> "NON_PROFIT";
            case "government" -> "GOVERNMENT";
            case "education" -> "EDUCATION";
            default -> employees() >= 1_000 && parent.isEmpty() && Hashes.below(key, 7, 3) == 0 ? "PUBLIC" : "PRIVATE";
        };
    }

    /** Stock exchange and symbol of a public company, as in {@code NYSE: ABCD}. */
    public String ticker() {
        return type().equals("PUBLIC")
                ? (Hashes.below(key, 8, 2) == 0 ? "NYSE: " : "NASDAQ: ") + Hashes.fill("@@@@", Hashes.mix(key, 9)) : "";
    }

    public int foundedYear() {
        return 1900 + Hashes.below(key, 10, 124);
    }

    /** Growth of the number of employees in one and in two years, in percent, with one decimal. */
    public double growth(int years) {
        return (Hashes.below(key, 11, 600) - 150) / 10.0 * years;
    }

    public LocalDate lastUpdated() {
        Present now = present;
        return now != null ? now.updated() : World.TODAY.minusDays(Hashes.below(key, 12, 700));
    }

    /** Funding rounds, newest first, in thousands of US dollars. */
    public List<Funding> fundings() {
        if (!industry.id().equals("software") || employees() > 2_000) {
            return List.of();
        }
        List<Funding> rounds = new ArrayList<>();
        String[] types = {"Series C", "Series B", "Series A", "Seed"};
        int first = Hashes.below(key, 13, 5);
        for (int i = first; i < types.length; i++) {
            rounds.add(new Funding(World.TODAY.minusDays(200 + 450L * (i - first) + Hashes.below(key, 14 + i, 200)),
                    types[i], 1_000L * (1L << (2 * (3 - i))) * (1 + Hashes.below(key, 20 + i, 3))));
        }
        return rounds;
    }

    /** What the company says of itself. */
    public String description() {
        return name() + ", founded in " + foundedYear() + ", is active in " + industry.subName() + " with headquarters in "
                + place.city() + ".";
    }

    /** Whether a researcher has confirmed the record. */
    public boolean certified() {
        return trait(3, 3) > 0;
    }

    /** How many people of it are told to be in ZoomInfo; far more than the world holds. */
    public int contactsInZoomInfo() {
        return Math.max(1, employees() / 3);
    }

    /** What the marketing department has to spend in a year, in thousands of US dollars. */
    public long marketingBudgetThousands() {
        return revenueThousands() * 8 / 100;
    }

    /** What the IT department has to spend in a year, in thousands of US dollars. */
    public long itBudgetThousands() {
        return revenueThousands() * 4 / 100;
    }

    /** What the finance department has to spend in a year, in thousands of US dollars. */
    public long financeBudgetThousands() {
        return revenueThousands() / 100;
    }

    /** What the HR department has to spend in a year, in thousands of US dollars. */
    public long hrBudgetThousands() {
        return revenueThousands() / 100;
    }

    /** {@code subsidiary}, or {@code UNSPECIFIED} for a company that belongs to no other. */
    public String subUnitType() {
        return parent.isPresent() ? "subsidiary" : "UNSPECIFIED";
    }

    /** Ids of the rankings it is in, those of ZoomInfo; drawn by revenue, not counted to the number in the name. */
    public List<String> rankings() {
        List<String> rankings = new ArrayList<>();
        boolean american = place.countryCode().equals("US");
        boolean listed = type().equals("PUBLIC");
        long thousands = revenueThousands();
        if (parent.isPresent() || thousands < 250_000) {
            return rankings;
        }
        if (american && thousands >= 8_000_000) {
            rankings.add("fortune100");
        }
        if (american && thousands >= 2_000_000) {
            rankings.add("fortune500");
        }
        if (american && thousands >= 800_000) {
            rankings.add("fortune1000");
        }
        if (thousands >= 3_000_000) {
            rankings.add("global500");
        }
        if (american && !listed && thousands >= 500_000) {
            rankings.add("private500");
        }
        if (american && listed) {
            rankings.add("russell3000");
        }
        return rankings;
    }

    /** What the account's own people had to do with this company, newest first; a twentieth of the companies has any. */
    public List<Engagement> engagements() {
        if (trait(60, 20) != 0) {
            return List.of();
        }
        List<Engagement> engagements = new ArrayList<>();
        int daysAgo = trait(61, 60);
        for (int i = 0; i <= trait(62, 3); i++) {
            engagements.add(new Engagement(Engagement.TYPES.get(trait(63 + i, 3)), World.TODAY.minusDays(daysAgo)));
            daysAgo += 1 + trait(70 + i, 60);
        }
        return engagements;
    }

    /** The private network from which this company's people browse: 256 addresses a company, in 10.0.0.0/8. */
    public String ipPrefix() {
        return "10." + index() / 256 % 256 + "." + index() % 256 + ".";
    }

    /** An address of this company that is not private: one of eight in 198.18.0.0/15 (see {@link Networks}). */
    public String publicIp(int host) {
        return Networks.publicAddress(index(), host);
    }

    /** An IPv6 address of this company (see {@link Networks}). */
    public String ipv6(int host) {
        return "2001:db8:" + Integer.toHexString(index()) + "::" + Integer.toHexString(1 + host);
    }

    /** How sure it is that this company's networks are its own, in hundredths; 0 where that is not known. */
    public int networkConfidence() {
        return Hashes.below(key, 30, 25) == 0 ? 0 : Hashes.below(key, 31, 6) == 0 ? 5 + Hashes.below(key, 32, 25)
                : 30 + Hashes.below(key, 32, 71);
    }

    /** How many sites it has, the headquarters included: 1 to 200. */
    public int siteCount() {
        return Math.min(200, 1 + employees / 400);
    }

    private int index() {
        return (int) ((id - World.FIRST_COMPANY_ID) / World.COMPANY_ID_STEP);
    }

    /** What the company is now, to make a change from. */
    Present present() {
        Present now = present;
        return now != null ? now : new Present(name, firstPhone(), employees, revenue, lastUpdated());
    }

    /** Puts a change in force; null undoes all. */
    void become(Present changed) {
        present = changed;
    }

    /** An even number in [0, bound) that belongs to this company and to {@code salt}. */
    public int trait(int salt, int bound) {
        return Hashes.below(key, 1_000L + salt, bound);
    }

    @Override
    public String toString() {
        return name() + " (" + id + ")";
    }

    /** One round; the amount in thousands of US dollars. */
    public record Funding(LocalDate date, String type, long amountThousands) {
    }

    /** An exchange between the account's people and the company; type as in {@link #TYPES}. */
    public record Engagement(String type, LocalDate date) {

        public static final List<String> TYPES = List.of("email", "phone", "online meeting");
    }
}
