package io.leadroutes.sandbox.world;

/**
 * One location of a company; number 0 is the headquarters. What is not known is empty, a number that is not known is 0.
 * Worked out from the company's key when asked for.
 */
public final class Site {

    /** Ids of the sites of one company begin behind its own id times this. */
    static final long IDS_PER_COMPANY = 1_000L;
    private static final int SALT = 50_000;

    private final Company company;
    private final int number;
    private final Place place;

    Site(Company company, int number, Place place) {
        this.company = company;
        this.number = number;
        this.place = place;
    }

    /** The company that the site belongs to. */
    public Company company() {
        return company;
    }

    public boolean isHeadquarters() {
        return number == 0;
    }

    /** The company's own id for the headquarters, one of its own for any other site. */
    public long id() {
        return isHeadquarters() ? company.id() : company.id() * IDS_PER_COMPANY + number;
    }

    public Place place() {
        return place;
    }

    public String street() {
        return isHeadquarters() ? company.street() : 1 + trait(1, 1_999) + " " + STREETS[trait(2, STREETS.length)];
    }

    public String zipCode() {
        return isHeadquarters() ? company.zipCode() : Hashes.fill(place.postalPattern(), key(3));
    }

    public String phone() {
        return isHeadquarters() ? company.phone() : trait(4, 5) == 0 ? "" : Hashes.fill(place.phonePattern(), key(5));
    }

    public String fax() {
        return isHeadquarters() ? company.fax() : "";
    }

    /** Employees at this site; those of the headquarters are what the other sites leave over. */
    public int employees() {
        int total = company.employees();
        int sites = company.siteCount();
        if (total == 0 || sites == 1) {
            return total;
        }
        int share = total / (2 * sites);
        return isHeadquarters() ? total - share * (sites - 1) : Math.max(1, share);
    }

    /** {@code CURRENT}, {@code VALID}, {@code PAST}, {@code INVALID} or {@code DEFUNCT}. */
    public String addressStatus() {
        if (company.defunct()) {
            return "DEFUNCT";
        }
        int status = trait(6, 20);
        return isHeadquarters() || status < 12 ? "CURRENT" : status < 17 ? "VALID" : status < 19 ? "PAST" : "INVALID";
    }

    private int trait(int salt, int bound) {
        return company.trait(SALT + number * 16 + salt, bound);
    }

    private long key(int salt) {
        return Hashes.mix(company.id(), SALT + number * 16L + salt);
    }

    @Override
    public String toString() {
        return "site " + id() + " of " + company;
    }

    private static final String[] STREETS = {"Main St", "Market St", "Broadway", "Park Ave", "Industrial Pkwy", "Station Rd",
        "Commerce Dr", "Harbor Blvd", "University Ave", "Lake Shore Dr", "King St", "Mill Ln"};
}
