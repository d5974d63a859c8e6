package io.leadroutes.sandbox.world;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;

/**
 * A person of the world. Text that is not known is empty. What follows from the rest is worked out when asked for, which keeps
 * the world small.
 */
public final class Person {

    private static final String[] SCHOOLS = {"State University", "Institute of Technology", "Technical University",
        "University", "Business School", "College"};

    private final long id;
    private final String firstName;
    private final String middleName;
    private final String lastName;
    private final String email;
    private final String formerEmail;
    private final Company company;
    private final Company formerCompany;
    private final Place place;
    private final String jobTitle;
    private final String managementLevel;
    private final JobFunction function;
    private final boolean optedOut;
    private final long key;
    /** What has become of the person since the world was made; null as long as nothing has. */
    private volatile Present present;

    /** The state of a person who changed; a change is one write of one reference, so that readers need no lock. */
    record Present(Company company, Company formerCompany, String email, String formerEmail, String directPhone,
            String jobTitle, String managementLevel, JobFunction function, boolean optedOut, LocalDateTime updated,
            LocalDate positionStart, List<Employment> history) {
    }

    Person(long id, String firstName, String middleName, String lastName, String email, String formerEmail,
            Company company, Company formerCompany, Place place, String jobTitle, String managementLevel,
            JobFunction function, boolean optedOut, long key) {
        this.id = id;
        this.firstName = firstName;
        this.middleName = middleName;
        this.lastName = lastName;
        this.email = email;
        this.formerEmail = formerEmail;
        this.company = company;
        this.formerCompany = formerCompany;
        this.place = place;
        this.jobTitle = jobTitle;
        this.managementLevel = managementLevel;
        this.function = function;
        this.optedOut = optedOut;
        this.key = key;
    }

    /** Some are negative. */
    public long id() {
        return id;
    }

    public String firstName() {
        return firstName;
    }

    public String middleName() {
        return middleName;
    }

    public String lastName() {
        return lastName;
    }

    public String fullName() {
        return firstName + " " + lastName;
    }

    /** Address at the present company. */
    public String email() {
        Present now = present;
        return now == null ? email : now.email();
    }

    /** Address at the company before; empty for people who did not move. */
    public String formerEmail() {
        Present now = present;
        return now == null ? formerEmail : now.formerEmail();
    }

    /** Private address at a free mail service. */
    public String personalEmail() {
        return Hashes.below(key, 1, 10) < 3 ? Names.plain(firstName).replace(" ", "") + "." + Names.plain(lastName)
                .replace(" ", "") + Long.toUnsignedString(Math.abs(id) % 100_000) + "@gmail.com" : "";
    }

    public String directPhone() {
        Present now = present;
        return now == null ? firstDirectPhone() : now.directPhone();
    }

    /** The direct number with which the world was made. */
    String firstDirectPhone() {
        return Hashes.below(key, 2, 100) < 35 ? "" : Hashes.fill(place.phonePattern(), Hashes.mix(key, 3));
    }

    public String mobilePhone() {
        return Hashes.below(key, 4, 2) == 0 ? "" : Hashes.fill(place.phonePattern(), Hashes.mix(key, 5));
    }

    /** The same as a direct phone that is not empty, for less. */
    public boolean hasDirectPhone() {
        Present now = present;
        return now != null ? !now.directPhone().isEmpty() : Hashes.below(key, 2, 100) >= 35;
    }

    /** The same as a mobile phone that is not empty, for less. */
    public boolean hasMobilePhone() {
        return Hashes.below(key, 4, 2) != 0;
    }

    public boolean directPhoneDoNotCall() {
        return Hashes.below(key, 6, 25) == 0;
    }

    public boolean mobilePhoneDoNotCall() {
        return Hashes.below(key, 7, 20) == 0;
    }

    public Company company() {
        Present now = present;
        return now == null ? company : now.company();
    }

    /** Where the person works; not always where the company sits. */
    public Place place() {
        return place;
    }

    public String street() {
        Company employer = company();
        return place == employer.place() && Hashes.below(key, 8, 10) < 8 ? employer.street() : "";
    }

    public String zipCode() {
        if (Hashes.below(key, 9, 20) == 0) {
            return "";
        }
        Company employer = company();
        return place == employer.place() ? employer.zipCode() : Hashes.fill(place.postalPattern(), Hashes.mix(key, 10));
    }

    public String jobTitle() {
        Present now = present;
        return now == null ? jobTitle : now.jobTitle();
    }

    /** {@code C-Level}, {@code VP-Level}, {@code Director}, {@code Manager} or {@code Non-Manager}. */
    public String managementLevel() {
        Present now = present;
        return now == null ? managementLevel : now.managementLevel();
    }

    public JobFunction function() {
        Present now = present;
        return now == null ? function : now.function();
    }

    public boolean optedOut() {
        Present now = present;
        return now == null ? optedOut : now.optedOut();
    }

    /** {@code Yes}, {@code No} or {@code Uncertain}. */
    public String hasMoved() {
        return formerCompany().isPresent() ? "Yes" : Hashes.below(key, 11, 8) == 0 ? "Uncertain" : "No";
    }

    /** Positions held before, newest first. */
    public List<Employment> employmentHistory() {
        Present now = present;
        return now == null ? firstHistory() : now.history();
    }

    private List<Employment> firstHistory() {
        LocalDate end = firstPositionStart();
        return formerCompany == null ? List.of() : List.of(new Employment(formerCompany, jobTitle, "Non-Manager",
                end.minusDays(400 + Hashes.below(key, 12, 2_000)), end.minusDays(20)));
    }

    /** The company before, for people who moved. */
    public Optional<Company> formerCompany() {
        Present now = present;
        return Optional.ofNullable(now == null ? formerCompany : now.formerCompany());
    }

    public LocalDate positionStart() {
        Present now = present;
        return now == null ? firstPositionStart() : now.positionStart();
    }

    private LocalDate firstPositionStart() {
        return World.TODAY.minusDays((formerCompany == null ? 300 : 30) + Hashes.below(key, 13, formerCompany == null ? 4_000 : 300));
    }

    /** What the person is now, to make a change from. */
    Present present() {
        Present now = present;
        return now != null ? now : new Present(company, formerCompany, email, formerEmail, firstDirectPhone(), jobTitle,
                managementLevel, function, optedOut, lastUpdated(), firstPositionStart(), firstHistory());
    }

    /** Puts a change in force; null undoes all. */
    void become(Present changed) {
        present = changed;
    }

    /** The work address with which the world was made. */
    String firstEmail() {
        return email;
    }

    public LocalDateTime validDate() {
        Present now = present;
        return now != null ? now.updated() : World.TODAY.minusDays(Hashes.below(key, 14, 900)).atTime(Hashes.below(key, 15, 24), Hashes.below(key, 16, 60));
    }

    public LocalDateTime lastUpdated() {
        Present now = present;
        return now != null ? now.updated() : World.TODAY.minusDays(Hashes.below(key, 17, 700)).atTime(Hashes.below(key, 18, 24), Hashes.below(key, 19, 60));
    }

    /** The day the person was told of the processing; only where a law asks for it, and not for all there. */
    public Optional<LocalDate> noticeProvided() {
        boolean asked = place.withinEu() || place.withinCalifornia() || place.withinCanada();
        return asked && Hashes.below(key, 20, 10) < 7 ? Optional.of(World.TODAY.minusDays(30 + Hashes.below(key, 21, 1_500)))
                : Optional.empty();
    }

    /** 70 to 99. */
    public int accuracyScore() {
        int low = Math.min(Hashes.below(key, 22, 30), Hashes.below(key, 23, 30));
        return 99 - low;
    }

    public String linkedIn() {
        return Hashes.below(key, 24, 10) < 6 ? "https://www.linkedin.com/in/" + Names.plain(firstName).replace(' ', '-') + "-"
                + Names.plain(lastName).replace(' ', '-') + "-" + Long.toHexString(key & 0xFFFFFFL) : "";
    }

    /** The school's name; empty if not known. */
    public String school() {
        return Hashes.below(key, 25, 10) < 5 ? place.city() + " " + SCHOOLS[Hashes.below(key, 26, SCHOOLS.length)] : "";
    }

    /** {@code Bachelor} or {@code Master}; empty where the school is not known. */
    public String degree() {
        return Hashes.below(key, 25, 10) < 5 ? trait(3, 2) == 0 ? "Bachelor" : "Master" : "";
    }

    /** Whether the person also sits on the board; some of those at the top. */
    public boolean boardMember() {
        return managementLevel().equals("C-Level") && trait(40, 5) == 0;
    }

    /** Products of the company that the person knows; only of those who work with computers. */
    public List<String> techSkills() {
        String department = function().department();
        if (!department.equals("Information Technology") && !department.equals("Engineering & Technical")) {
            return List.of();
        }
        return company().technologies().stream().filter(t -> trait(100 + t.product().length(), 2) == 0)
                .map(Technology::product).toList();
    }

    /** In how many places the person was read of. */
    public int sources() {
        return 1 + trait(41, 12);
    }

    public int yearsOfExperience() {
        return 2 + Hashes.below(key, 27, 30);
    }

    /** An even number in [0, bound) that belongs to this person and to {@code salt}. */
    public int trait(int salt, int bound) {
        return Hashes.below(key, 1_000L + salt, bound);
    }

    @Override
    public String toString() {
        return "person " + id;
    }
}
