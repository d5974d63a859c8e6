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

    /** The address from which this company's people browse: one IPv4 network of 256 a company, in 10.0.0.0/8. */
    public String ipPrefix() {
        long index = (id - World.FIRST_COMPANY_ID) / World.COMPANY_ID_STEP;
        return "10." + index / 256 % 256 + "." + index % 256 + ".";
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
}
