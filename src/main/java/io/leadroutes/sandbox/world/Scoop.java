package io.leadroutes.sandbox.world;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Something that ZoomInfo's researchers learned of a company before the press did. Worked out when asked for. */
public final class Scoop {

    /** A kind by its number, as a scoop type or a scoop topic. */
    public record Kind(int id, String name) {
    }

    private static final Kind PERSONNEL = new Kind(1, "Personnel Move");
    private static final Kind PROJECT = new Kind(2, "Project");
    private static final Kind PARTNERSHIP = new Kind(4, "Partnership");
    private static final Kind DIVESTITURE = new Kind(5, "Divestiture");
    private static final Kind AWARD = new Kind(6, "Award");
    private static final Kind LAUNCH = new Kind(7, "Product Launch");
    private static final Kind FACILITIES = new Kind(8, "Facilities Relocation/Expansion");
    private static final Kind FUNDING = new Kind(9, "Funding");
    private static final Kind MERGER = new Kind(10, "Merger or Acquisition");
    private static final Kind STAFF = new Kind(11, "Staffing Change");

    /** Types; 5, 6 and 8 are ZoomInfo's numbers, the others invented. */
    public static final List<Kind> TYPES = List.of(PERSONNEL, PROJECT, PARTNERSHIP, DIVESTITURE, AWARD, LAUNCH, FACILITIES,
            FUNDING, MERGER, STAFF);

    private static final Kind EXECUTIVE_MOVES = new Kind(14, "Executive Moves");
    private static final Kind NEW_HIRE = new Kind(17, "New Hire");
    private static final Kind PROMOTION = new Kind(18, "Promotion");
    private static final Kind M_AND_A = new Kind(26, "M&A");
    private static final Kind HIRING_PLANS = new Kind(33, "Hiring Plans");
    private static final Kind EXPANSION = new Kind(34, "Facilities Expansion");
    private static final Kind SPENDING = new Kind(41, "Spending");
    private static final Kind LAYOFFS = new Kind(107, "Layoffs");
    private static final Kind RAISED = new Kind(117, "Funding");

    /** Topics, with ZoomInfo's numbers. */
    public static final List<Kind> TOPICS = List.of(EXECUTIVE_MOVES, NEW_HIRE, PROMOTION, M_AND_A, HIRING_PLANS, EXPANSION,
            SPENDING, LAYOFFS, RAISED);

    private enum Story {
        APPOINTED(PERSONNEL, List.of(EXECUTIVE_MOVES), true), JOINED(PERSONNEL, List.of(NEW_HIRE), true),
        PROMOTED(PERSONNEL, List.of(PROMOTION), true), BUDGET(PROJECT, List.of(SPENDING), true),
        PARTNERS(PARTNERSHIP, List.of(), false), SELLS(DIVESTITURE, List.of(M_AND_A), false),
        WON(AWARD, List.of(), false), LAUNCHES(LAUNCH, List.of(), false), MOVES(FACILITIES, List.of(EXPANSION), false),
        RAISES(FUNDING, List.of(RAISED), false), BUYS(MERGER, List.of(M_AND_A), false),
        HIRES(STAFF, List.of(HIRING_PLANS), true), LAYS_OFF(STAFF, List.of(LAYOFFS), false);

        private final Kind type;
        private final List<Kind> topics;
        private final boolean ofPerson;

        Story(Kind type, List<Kind> topics, boolean ofPerson) {
            this.type = type;
            this.topics = topics;
            this.ofPerson = ofPerson;
        }
    }

    private static final Story[] STORIES = Story.values();
    private static final int DAYS = 180;
    private static final String[] SUBJECTS = {"cloud migration", "a new CRM", "data protection", "a data warehouse",
        "marketing automation", "supply chain planning"};

    private final World world;
    private final Company company;
    private final int number;
    private final Story story;

    Scoop(World world, Company company, int number) {
        this.world = world;
        this.company = company;
        this.number = number;
        Story drawn = STORIES[trait(0, STORIES.length)];
        // Who shrinks does not hire, and who grows lays nobody off.
        boolean shrinks = company.growth(1) < 0;
        this.story = drawn == Story.HIRES && shrinks ? Story.LAYS_OFF : drawn == Story.LAYS_OFF && !shrinks ? Story.HIRES
                : drawn;
    }

    /** Unique in the world. */
    public long id() {
        return 1_300_000 + (company.id() - World.FIRST_COMPANY_ID) / World.COMPANY_ID_STEP * Signals.MOST_SCOOPS + number;
    }

    public Company company() {
        return company;
    }

    public Kind type() {
        return story.type;
    }

    public List<Kind> topics() {
        return story.topics;
    }

    /** The department it is about, as in {@link JobFunction#department()}; empty if about the whole company. */
    public String department() {
        return story.ofPerson ? contact().map(person -> person.function().department()).orElse("") : "";
    }

    /** The day it was first told; more of the recent past than of what is long ago. */
    public LocalDate originalPublished() {
        long u = trait(1, 1_000);
        return World.TODAY.minusDays(u * u * DAYS / 1_000_000);
    }

    /** The day of the last version. */
    public LocalDate published() {
        return updated() ? originalPublished().plusDays(1 + trait(3, (int) daysSince())) : originalPublished();
    }

    /** Whether there was a second version. */
    public boolean updated() {
        return trait(2, 4) == 0 && daysSince() > 0;
    }

    private long daysSince() {
        return World.TODAY.toEpochDay() - originalPublished().toEpochDay();
    }

    /** What the second version adds; empty for scoops with one. */
    public String updateText() {
        return updated() ? company.name() + " confirmed it." : "";
    }

    /** Address of the source; empty for what was told on the telephone. */
    public String link() {
        return company.domain().isEmpty() || trait(4, 3) == 0 ? "" : "https://www." + company.domain() + "/news/" + id();
    }

    public String linkText() {
        return link().isEmpty() ? "" : company.name() + " News";
    }

    /** The people it is about; nobody who opted out. */
    public List<Person> contacts() {
        return story.ofPerson ? contact().map(List::of).orElse(List.of()) : List.of();
    }

    private Optional<Person> contact() {
        List<Person> people = world.peopleOf(company);
        int from = trait(5, Math.max(1, people.size()));
        for (int i = 0; i < people.size(); i++) {
            Person person = people.get((from + i) % people.size());
            if (!person.optedOut() && !person.jobTitle().isEmpty()) {
                return Optional.of(person);
            }
        }
        return Optional.empty();
    }

    public String description() {
        List<String> who = new ArrayList<>(2);
        contacts().forEach(person -> {
            who.add(person.fullName());
            who.add(person.jobTitle());
        });
        String person = who.isEmpty() ? "a new manager" : who.get(0);
        String title = who.isEmpty() ? "head of a department" : who.get(1);
        String name = company.name();
        String subject = SUBJECTS[trait(6, SUBJECTS.length)];
        return switch (story) {
            case APPOINTED -> name + " appointed " + person + " as " + title + ".";
            case JOINED -> person + " joined " + name + " as " + title + ".";
            case PROMOTED -> name + " promoted " + person + " to " + title + ".";
            case BUDGET -> name + " plans to spend on " + subject + " within twelve months; " + person + ", " + title
                    + ", decides.";
            case PARTNERS -> name + " entered into a partnership for " + subject + ".";
            case SELLS -> name + " will sell a part of its business in " + company.industry().subName() + ".";
            case WON -> name + " won an award for its work in " + company.industry().subName() + ".";
            case LAUNCHES -> name + " launched a product in " + company.industry().subName() + ".";
            case MOVES -> name + " opens further rooms in " + company.place().city() + ".";
            case RAISES -> name + " raised " + (1 + trait(7, 60)) + " million US dollars.";
            case BUYS -> name + " will take over a competitor in " + company.place().country() + ".";
            case HIRES -> name + " plans to hire " + (2 + trait(7, 90)) + " people; " + person + ", " + title
                    + ", is in charge.";
            case LAYS_OFF -> name + " lays off " + (2 + trait(7, 90)) + " people in " + company.place().city() + ".";
        };
    }

    private int trait(int salt, int bound) {
        return company.trait(Signals.SCOOPS + number * 100 + salt, bound);
    }
}
