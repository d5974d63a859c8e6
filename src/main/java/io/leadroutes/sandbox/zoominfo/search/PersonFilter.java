package io.leadroutes.sandbox.zoominfo.search;

import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The criteria that speak of a person, the company and the place aside. */
public final class PersonFilter {

    static final List<String> LEVELS = List.of("Non-Manager", "Manager", "Director", "VP-Level", "C-Level");
    /** Departments in the order of their numbers (collected facts §7.2). */
    private static final List<String> NUMBERED = List.of("C-Suite", "Finance", "Human Resources", "Sales", "Operations",
            "Information Technology", "Engineering & Technical", "Marketing", "Legal", "Medical & Health", "Other");

    private PersonFilter() {
    }

    /** For the contacts of a scoop, whose department is the scoop's own criterion; empty if the criteria speak of no person. */
    public static Optional<Predicate<Person>> ofContacts(Criteria criteria) {
        List<Predicate<Person>> all = new ArrayList<>();
        criteria.set("emailAddress").ifPresent(emails -> all.add(p -> emails.contains(p.email())));
        criteria.list("hashedEmail").ifPresent(hashes -> all.add(p -> World.hashedEmails(p).stream().anyMatch(hashes::contains)));
        of(criteria, false).ifPresent(all::add);
        return all.isEmpty() ? Optional.empty() : Optional.of(CompanyFilter.every(all));
    }

    /** Empty if the criteria speak of no person. Cheap tests come before dear ones. */
    public static Optional<Predicate<Person>> of(Criteria criteria) {
        return of(criteria, true);
    }

    private static Optional<Predicate<Person>> of(Criteria criteria, boolean withDepartment) {
        List<Predicate<Person>> all = new ArrayList<>();
        if (withDepartment) {
            criteria.list("department").ifPresent(names -> all.add(isOfDepartment(names)));
        }
        criteria.set("personId").ifPresent(ids -> all.add(p -> ids.contains(Long.toString(p.id()))));
        job(criteria, all);
        name(criteria, all);
        criteria.number("contactAccuracyScoreMin").ifPresent(least -> all.add(p -> p.accuracyScore() >= least));
        criteria.number("contactAccuracyScoreMax").ifPresent(most -> all.add(p -> p.accuracyScore() <= most));
        criteria.list("requiredFields").ifPresent(fields -> all.add(p -> fields.stream().allMatch(f -> has(f, p))));
        if (criteria.flag("excludePartialProfiles")) {
            all.add(p -> !p.email().isEmpty() && !p.jobTitle().isEmpty());
        }
        criteria.set("locationCompanyId").ifPresent(ids -> all.add(p -> ids.contains(Long.toString(p.company().id()))));
        criteria.set("supplementalEmail").ifPresent(emails -> all.add(p -> emails.contains(p.formerEmail())));
        dates(criteria, all);
        criteria.text("hasBeenNotified").map(word -> word.toLowerCase(Locale.ROOT)).filter(word -> !word.equals("include"))
                .ifPresent(word -> all.add(p -> p.noticeProvided().isPresent() == word.equals("only")));
        criteria.text("boardMember").map(word -> word.toLowerCase(Locale.ROOT)).filter(word -> !word.equals("include"))
                .ifPresent(word -> all.add(p -> p.boardMember() == word.equals("only")));
        past(criteria, all);
        criteria.list("phone").ifPresent(phones -> {
            Set<String> numbers = phones.stream().map(Names::phone).collect(Collectors.toSet());
            all.add(p -> numbers.contains(Names.phone(p.directPhone())) || numbers.contains(Names.phone(p.mobilePhone())));
        });
        criteria.list("webReferences").ifPresent(references -> all.add(p -> !p.linkedIn().isEmpty()
                && references.stream().anyMatch(p.linkedIn()::contains)));
        return all.isEmpty() ? Optional.empty() : Optional.of(CompanyFilter.every(all));
    }

    private static void job(Criteria criteria, List<Predicate<Person>> all) {
        if (criteria.flag("executivesOnly")) {
            all.add(p -> LEVELS.indexOf(p.managementLevel()) >= 3);
        }
        criteria.list("managementLevel").ifPresent(levels -> {
            Predicate<String> wanted = remembered(level -> levels.stream().anyMatch(word -> isLevel(word, level)));
            boolean boards = levels.stream().anyMatch(word -> word.startsWith("board member"));
            all.add(p -> wanted.test(p.managementLevel()) || boards && p.boardMember());
        });
        criteria.list("excludeManagementLevel").ifPresent(levels -> {
            Predicate<String> unwanted = remembered(level -> levels.stream().anyMatch(word -> isLevel(word, level)));
            boolean boards = levels.stream().anyMatch(word -> word.startsWith("board member"));
            all.add(p -> !unwanted.test(p.managementLevel()) && !(boards && p.boardMember()));
        });
        criteria.list("jobFunction").ifPresent(names -> {
            Predicate<String> wanted = remembered(function -> names.contains(function.toLowerCase(Locale.ROOT)));
            all.add(p -> wanted.test(p.function().name()));
        });
        criteria.list("buyingGroup").map(PersonFilter::isOfDepartment).ifPresent(wanted -> all.add(p ->
                LEVELS.indexOf(p.managementLevel()) > 0 && wanted.test(p)));
        criteria.text("jobTitle").map(TextQuery::of).ifPresent(query -> {
            Predicate<String> wanted = remembered(query);
            all.add(p -> wanted.test(p.jobTitle()));
        });
        criteria.text("excludeJobTitle").map(TextQuery::of).ifPresent(query -> {
            Predicate<String> unwanted = remembered(query);
            all.add(p -> !unwanted.test(p.jobTitle()));
        });
        criteria.text("exactJobTitle").ifPresent(title -> all.add(p -> p.jobTitle().equalsIgnoreCase(title)));
    }

    private static Predicate<Person> isOfDepartment(List<String> names) {
        Predicate<String> wanted = remembered(department -> names.stream().anyMatch(n -> isDepartment(n, department)));
        return p -> wanted.test(p.function().department());
    }

    private static void name(Criteria criteria, List<Predicate<Person>> all) {
        criteria.text("firstName").map(Names::plain).ifPresent(name -> {
            Predicate<String> wanted = remembered(first -> Names.plain(first).equals(name));
            all.add(p -> wanted.test(p.firstName()));
        });
        criteria.text("lastName").map(Names::plain).ifPresent(name -> {
            Predicate<String> wanted = remembered(last -> Names.plain(last).equals(name));
            all.add(p -> wanted.test(p.lastName()));
        });
        criteria.text("middleInitial").ifPresent(initial -> all.add(p ->
                p.middleName().regionMatches(true, 0, initial, 0, 1)));
        criteria.text("fullName").map(Names::plain).ifPresent(name -> {
            Predicate<String> first = remembered(text -> name.startsWith(Names.plain(text) + " "));
            Predicate<String> last = remembered(text -> name.endsWith(" " + Names.plain(text)));
            all.add(p -> first.test(p.firstName()) && last.test(p.lastName()) && Names.plain(p.fullName()).equals(name));
        });
    }

    private static void dates(Criteria criteria, List<Predicate<Person>> all) {
        criteria.number("lastUpdatedInMonths").ifPresent(months -> all.add(p -> p.lastUpdated().toLocalDate()
                .isAfter(World.TODAY.minusMonths(months.longValue()))));
        criteria.date("lastUpdatedDateAfter").ifPresent(date -> all.add(p -> p.lastUpdated().toLocalDate().isAfter(date)));
        criteria.date("validDateAfter").ifPresent(date -> all.add(p -> p.validDate().toLocalDate().isAfter(date)));
        criteria.date("positionStartDateMin").ifPresent(date -> all.add(p -> !p.positionStart().isBefore(date)));
        criteria.date("positionStartDateMax").ifPresent(date -> all.add(p -> !p.positionStart().isAfter(date)));
    }

    /** What a person learned and where. */
    private static void past(Criteria criteria, List<Predicate<Person>> all) {
        criteria.list("yearsOfExperience").ifPresent(bands -> {
            Set<Integer> years = new HashSet<>();
            bands.forEach(band -> addYears(years, band));
            all.add(p -> years.contains(p.yearsOfExperience()));
        });
        criteria.list("degree").ifPresent(degrees -> {
            Predicate<String> wanted = remembered(degree -> !degree.isEmpty()
                    && degrees.stream().anyMatch(d -> d.startsWith(degree.toLowerCase(Locale.ROOT))));
            all.add(p -> wanted.test(p.degree()));
        });
        criteria.text("school").map(TextQuery::of).ifPresent(query -> {
            Predicate<String> wanted = remembered(school -> !school.isEmpty() && query.test(school));
            all.add(p -> wanted.test(p.school()));
        });
        criteria.list("techSkills").ifPresent(skills -> {
            Set<String> wanted = skills.stream().map(PlaceFilter::flat).collect(Collectors.toSet());
            Predicate<String> isWanted = remembered(skill -> wanted.contains(PlaceFilter.flat(skill)));
            all.add(p -> p.techSkills().stream().anyMatch(isWanted));
        });
    }

    /** {@code 4-5}, {@code 30+} or a single number. */
    private static void addYears(Set<Integer> years, String band) {
        String[] ends = band.replaceAll("[^0-9-]", "").split("-");
        if (ends.length == 0 || ends[0].isEmpty() || band.length() > 9) {
            return;
        }
        int from = Integer.parseInt(ends[0]);
        int to = ends.length > 1 ? Integer.parseInt(ends[1]) : band.matches("\\d+") ? from : 99;
        for (int year = from; year <= Math.min(to, 99); year++) {
            years.add(year);
        }
    }

    /** There are far fewer titles, names and levels than people, so each is looked at once in a request. */
    static Predicate<String> remembered(Predicate<String> test) {
        Map<String, Boolean> known = new HashMap<>();
        return text -> known.computeIfAbsent(text, test::test);
    }

    static boolean isLevel(String word, String managementLevel) {
        String wanted = word.replace("-", " ").replace("level exec", "level").replaceAll("s$", "").strip();
        String level = managementLevel.toLowerCase(Locale.ROOT).replace("-", " ");
        return level.equals(wanted) || level.equals(wanted + " level");
    }

    /** By its number or its name. */
    public static boolean isDepartment(String word, String department) {
        String wanted = word.matches("\\d|10") ? NUMBERED.get(Integer.parseInt(word)) : word;
        return department.equalsIgnoreCase(wanted)
                || wanted.equalsIgnoreCase("it") && department.equals("Information Technology");
    }

    private static boolean has(String field, Person person) {
        return switch (field) {
            case "email" -> !person.email().isEmpty();
            case "phone" -> person.hasDirectPhone() || person.hasMobilePhone();
            case "directphone" -> person.hasDirectPhone();
            case "mobilephone" -> person.hasMobilePhone();
            case "personalemail" -> !person.personalEmail().isEmpty();
            default -> throw new ApiError(400, ApiError.INVALID_FIELDS).naming("invalidFields", List.of("requiredFields"));
        };
    }
}
